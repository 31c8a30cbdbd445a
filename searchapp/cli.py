"""The whole command line: the indexer's commands, and those that speak the web's documents."""

import json
import re
import sys
from typing import Any

import click

from indexer import allocator
from indexer.cli import json_option, rasid, request_filters, run
from indexer.messages import text
from indexer.model import Answer, Found, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

LOOPBACK = "127.0.0.1"

RATE = re.compile(r"[1-9]\d* ?(/|per) ?([1-9]\d* ?)?(second|minute|hour|day)s?")
"""What one client may ask."""


def rate(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The rate, if it is one: the limiter itself would let everything pass under a misspelt one."""
    if value and not RATE.fullmatch(value):
        raise click.BadParameter("expected a rate such as 60/minute")
    return value


@rasid.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--source", multiple=True, metavar="S", help="Only this source (repeatable; -S excludes).")
@click.option("--section", multiple=True, metavar="S")
@click.option("--author", multiple=True, metavar="A")
@click.option("--year", multiple=True, type=int)
@click.option("--from", "first", metavar="D", help="From this day, month or year on.")
@click.option("--to", "last", metavar="D", help="Up to this day, month or year.")
@click.option(
    "--sort", type=click.Choice(("relevance", "newest", "oldest")), default="relevance", show_default=True
)
@click.option(
    "--match", type=click.Choice(("exact", "spelling", "stem", "wide")), default="stem", show_default=True
)
@click.option("--operator", type=click.Choice(("auto", "and", "or")), default="auto", show_default=True)
@json_option
@click.pass_obj
def search(settings: Settings, /, query: str, limit: int, as_json: bool, **filters: Any) -> None:
    """Search the archive; the same answer as the web page and the API give.

    \b
    Examples:
      rasid search "الكاظمي في طهران"
      rasid search 'title:القمة date:2023' --sort newest
      rasid search "لافروف" --json | jq .total
    """
    request = SearchRequest(q=query, page_size=limit, **request_filters(**filters))
    with HomeReadingRoom(settings) as room:
        answer = room.answer(request)
    if as_json:
        from searchapp.document import search_document

        click.echo(json.dumps(search_document(answer, request), ensure_ascii=False))
        return
    for warning in answer.warnings:
        click.echo(text(warning, "en"), err=True)
    if answer.rescued:
        click.echo(f"nothing is written {answer.q!r}: these are results for {answer.searched!r}", err=True)
    for suggestion in answer.suggestions:
        click.echo(f"{suggestion.q} ({suggestion.total}), by {suggestion.why.replace('_', ' ')}?", err=True)
    more = f", {answer.related_total} related" if answer.related_total else ""
    click.echo(f"{answer.total} articles{more} · {answer.canonical} · {answer.took_ms} ms", err=True)
    bold = sys.stdout.isatty()
    for found in answer.found:
        click.echo("\n".join(_lines(found, answer, bold)))


def _lines(found: Found, answer: Answer, bold: bool) -> list[str]:
    article = found.article
    facts = [part for part in (article.published and article.published[:10], article.source) if part]
    lines = [article.title, f"  {' · '.join([*facts, article.id])}"]
    for snippet in found.snippets:
        lines.append("  " + _marked(article.body, snippet.start, snippet.end, snippet.matches, bold))
    return lines


def _marked(body: str, start: int, end: int, matches: tuple[tuple[int, int], ...], bold: bool) -> str:
    """A passage on one line, its matches bold on a terminal and in «[…]» elsewhere."""
    pieces, at = [], start
    for first, last in matches:
        word = body[first:last]
        pieces += [body[at:first], click.style(word, bold=True) if bold else f"[{word}]"]
        at = last
    return " ".join("".join([*pieces, body[at:end]]).split())


@rasid.command()
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@click.option("--cors", metavar="ORIGIN", help="Allow GET on /api/ from this origin.")
@click.option(
    "--rate-limit",
    metavar="RATE",
    callback=rate,
    help="What one client may ask of each process, e.g. 60/minute.",
)
@click.option(
    "--proxies", type=click.IntRange(0, 8), default=0, show_default=True, help="Trusted proxies in front."
)
@click.pass_obj
def serve(
    settings: Settings,
    host: str,
    port: int,
    threads: int,
    cors: str | None,
    rate_limit: str | None,
    proxies: int,
) -> None:
    """Serve the web front end and the JSON API (production server; never writes).

    \b
    Example:
      rasid serve --port 8000
    """
    from waitress.server import create_server

    from searchapp.app import create_app, is_local

    allocator.economize()
    with HomeReadingRoom(settings, ahead=True) as room:
        app = create_app(
            room, settings, cors=cors, loopback=is_local(host), rate_limit=rate_limit, proxies=proxies
        )
        server = create_server(app, host=host, port=port, threads=threads, ident=None)
        port = getattr(server, "effective_port", port)
        click.echo(f"http://{host}:{port}", err=True)
        server.run()


def main() -> None:
    """Entry point of `rasid`."""
    run(rasid)
