"""Time and memory of Rasid beside its peers: the same articles, the same terms, one run."""
