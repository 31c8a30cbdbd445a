"""What a page of results costs beyond its search: its weight, and the time of view model and template.

    python benchmarks/pages.py --home var --query "القمة العربية"

Times are medians of many runs in one process; read them on a quiet machine.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import render_template

from indexer.model import SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from searchapp import results
from searchapp.app import assets, create_app, folder
from searchapp.frame import Reader

RUNS = 100


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds of a run."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--query", default="القمة العربية")
    options = parser.parse_args()
    settings = Settings(options.home)
    asked = SearchRequest(q=options.query, facets=results.PAGE_FACETS)
    with HomeReadingRoom(settings) as room:
        app = create_app(room, settings)
        answer, status = room.answer(asked), room.status()
        with app.test_request_context("/search"):

            def view() -> results.ResultPage:
                return results.result_page(answer, replace(asked, facets=()), Reader(), (), status)

            page, files = view(), assets()

            def text() -> str:
                frame = page.frame
                return render_template(
                    "results.html", page=page, frame=frame, t=frame.t, assets=files, base=""
                )

            print(f"articles {status.articles}, hits on the page {len(page.hits)}")
            print(f"search   {median(lambda: room.answer(asked)):.1f} ms")
            print(f"view     {median(view):.2f} ms")
            print(f"template {median(text):.2f} ms (limit 5)")
            print(f"page     {len(text().encode()):,} bytes (limit 60,000)")
    print(f"style    {(folder('static') / 'rasid.css').stat().st_size:,} bytes (limit 30,000)")


if __name__ == "__main__":
    main()
