"""The command line: what a terminal user needs. `searchapp.cli` adds what needs the web's documents.

Results go to stdout; progress and notices to stderr. Exit codes are the table `EXIT`.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import MAXYEAR, MINYEAR
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from indexer import RELEASE, build, generations, readers
from indexer.analysis import steps, tokens
from indexer.archive import Archive, in_batches
from indexer.backup import backup as write_backup
from indexer.backup import restore as restore_backup
from indexer.engines import DEFAULT_ENGINE, ENGINES
from indexer.errors import IndexUnavailable, RasidError, WriterBusy
from indexer.evaluate import JudgedSet, indexed, measured, ranked, trec_lines
from indexer.export import FORMATS, exported
from indexer.lock import writer_lock
from indexer.model import Article
from indexer.processes import ahead
from indexer.query.dates import ORDERS, span
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from indexer.verify import faults

EXIT = {"done": 0, "failed": 1, "usage": 2, "refused": 3, "busy": 4}
"""0 done (no hit is no failure) · 1 failed · 2 wrong usage · 3 some input was refused · 4 another writer."""

F = TypeVar("F", bound=Callable[..., Any])


def _at_home(context: click.Context, _parameter: click.Parameter, home: Path | None) -> None:
    if home is not None:
        settings: Settings | None = context.find_root().obj
        context.obj = context.find_root().obj = (
            settings.at(home) if settings else Settings.from_env(home=home)
        )


home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    expose_value=False,
    is_eager=True,
    callback=_at_home,
    help="Folder of the archive, the index and the lexicon (or RASID_HOME).",
)
wait_option = click.option(
    "--wait", type=click.FloatRange(min=0), default=0, metavar="SECS", help="Wait so long for another writer."
)
engine_option = click.option(
    "--engine", type=click.Choice(tuple(ENGINES)), help="Engine of new generations (or RASID_ENGINE)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Command(click.Command):
    """A command that takes ``--home`` too, and keeps its examples as they are written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home_option(self)


class Group(click.Group):
    """The commands, listed in the order in which they are needed."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # whoever read our output (`| head`) has seen enough; click would end with 1
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(EXIT["done"])
        return result


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(RELEASE, prog_name="rasid")
@home_option
@engine_option
@click.pass_context
def rasid(context: click.Context, engine: str | None) -> None:
    """Rasid (راصد): full-text search over Arabic political news."""
    if context.obj is None:
        context.obj = Settings.from_env()
    if engine:
        context.obj = replace(context.obj, engine=engine)


@rasid.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Fill a field from this column."
)
@click.option("--source", metavar="NAME", help="The source of every article.")
@click.option(
    "--date-order", type=click.Choice(ORDERS), default="dmy", show_default=True, help="Of 03/04/2018."
)
@click.option("--id-prefix", default="", metavar="P", help="Stands before every id that the input gives.")
@click.option("--replace", is_flag=True, help="Take an id that comes again with another source and title.")
@click.option("--dry-run", is_flag=True, help="Only show columns, encoding, three samples and faults.")
@wait_option
@json_option
@click.pass_obj
def add(
    settings: Settings,
    paths: tuple[str, ...],
    mapping: tuple[str, ...],
    source: str | None,
    date_order: str,
    id_prefix: str,
    replace: bool,
    dry_run: bool,
    wait: float,
    as_json: bool,
) -> None:
    """Store articles durably, then bring the index up to date.

    PATH is a file, a folder, or - for JSONL on standard input. Reads .txt .jsonl .json .csv .tsv .html
    .xml (RSS, Atom), each also as .gz. Running it again changes nothing.

    \b
    Examples:
      rasid add articles/
      rasid add export.csv --map body=Content --source المدى
      zcat dump.jsonl.gz | rasid add -
    """
    options = readers.Options(tuple(_pair(item) for item in mapping), source, date_order, id_prefix)
    if dry_run:
        _show_previews(readers.dry_run(paths, options), as_json)
        return
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    with writer_lock(settings.home, wait), Archive.open(settings.archive_file, create=True) as archive:
        with _progress("reading") as tick:
            jobs = 1 if readers.STDIN in paths else settings.jobs
            batches = ahead(partial(_read_batches, paths, options), jobs)
            records = (list(_records(batch, counts, skipped)) for batch in batches)
            first = build.first(settings, archive, _stored(archive, records, replace, counts, tick))
        if not first or first.change < archive.last_change():
            with _progress("indexing") as tick:
                build.update(settings, archive, progress=tick)
    names = ("added", "updated", "unchanged", "refused")
    if as_json:
        click.echo(json.dumps({name: counts[name] for name in names} | {"skipped": dict(skipped)}))
    else:
        click.echo(" · ".join(f"{name} {counts[name]}" for name in names))
        if skipped:
            click.echo(
                "skipped " + " ".join(f"{suffix or '(none)'}: {n}" for suffix, n in sorted(skipped.items()))
            )
    _exit_for(counts["refused"])


def _read_batches(paths: Sequence[str], options: readers.Options) -> Iterator[list[readers.Read]]:
    return in_batches(readers.read(paths, options), _letters)


def _letters(read: readers.Read) -> int:
    return len(read.article.body) if isinstance(read, readers.Record) else 0


def _records(
    read: Iterable[readers.Read],
    counts: Counter[str],
    skipped: Counter[str],
) -> Iterator[readers.Record]:
    """The articles; what is refused is told at once, what is skipped is counted."""
    for item in read:
        match item:
            case readers.Record():
                yield item
            case readers.Refused():
                counts["refused"] += 1
                _tell_refused(item.place, item.reason)
            case readers.Skipped():
                skipped[item.suffix] += 1


def _stored(
    archive: Archive,
    batches: Iterable[list[readers.Record]],
    replace: bool,
    counts: Counter[str],
    tick: Callable[[int, int | None], None],
) -> Iterator[Article]:
    """Archives batch after batch and gives the articles that are new, once they are durable."""
    for batch in batches:
        outcomes = archive.add([record.article for record in batch], replace=replace)
        for record, outcome in zip(batch, outcomes, strict=True):
            counts[outcome.done] += 1
            if outcome.reason:
                _tell_refused(record.place, f"{outcome.id}: {outcome.reason}")
        tick(counts.total(), None)
        yield from (r.article for r, outcome in zip(batch, outcomes, strict=True) if outcome.done == "added")


def _tell_refused(place: readers.Place, reason: str) -> None:
    where = f"{place.file}, {place.at}" if place.at else place.file
    _say(f"{where}: {' '.join(reason.split())}")


def _show_previews(previews: Iterable[readers.Preview | readers.Skipped], as_json: bool) -> None:
    for preview in previews:
        if as_json:
            click.echo(json.dumps(asdict(preview), ensure_ascii=False))
            continue
        if isinstance(preview, readers.Skipped):
            click.echo(f"{preview.file}: skipped")
            continue
        click.echo(f"{preview.file}: {preview.format}, {preview.encoding}; {preview.records} articles")
        for column, field in preview.columns:
            click.echo(f"  {column} → {field or '(left out)'}")
        for sample in preview.samples:
            click.echo(f"  {sample.article.published or '—'} · {sample.article.title}")
        for fault in preview.faults:
            _tell_refused(fault.place, fault.reason)


@rasid.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--keep-out", is_flag=True, help="Refuse these ids when they come again.")
@wait_option
@json_option
@click.pass_obj
def remove(settings: Settings, ids: tuple[str, ...], keep_out: bool, wait: float, as_json: bool) -> None:
    """Remove articles, their revisions, and what old generations hold of them.

    ID is an article's id, or - for ids on standard input, one a line.

    \b
    Example:
      rasid remove 3f2a… --keep-out
    """
    wanted = [id for id in (sys.stdin.read().split("\n") if ids == ("-",) else ids) if id.strip()]
    with writer_lock(settings.home, wait), Archive.open(settings.archive_file) as archive:
        outcomes = archive.remove([id.strip() for id in wanted], keep_out=keep_out)
        build.update(settings, archive)
        build.tidy(settings, archive, keep=1)
    counts = Counter(outcome.done for outcome in outcomes)
    for outcome in outcomes:
        if outcome.reason:
            _say(f"{outcome.id}: {outcome.reason}")
    if as_json:
        click.echo(json.dumps({"removed": counts["removed"], "refused": counts["refused"]}))
    else:
        click.echo(f"removed {counts['removed']} · refused {counts['refused']}")
    _exit_for(counts["refused"])


@rasid.command()
@engine_option
@wait_option
@json_option
@click.pass_obj
def rebuild(settings: Settings, engine: str | None, wait: float, as_json: bool) -> None:
    """Build the whole index anew from the archive, then switch to it at once.

    A running server answers all the time and moves over by itself, to another engine too.

    \b
    Example:
      rasid rebuild --engine tantivy
    """
    if engine:
        settings = replace(settings, engine=engine)
    with (
        writer_lock(settings.home, wait),
        Archive.open(settings.archive_file) as archive,
        _progress("indexing") as tick,
    ):
        manifest = build.rebuild(settings, archive, progress=tick)
    if as_json:
        click.echo(json.dumps({"generation": manifest.generation, "articles": manifest.articles}))
    else:
        click.echo(f"{manifest.generation}: {manifest.articles} articles")


@rasid.command()
@click.argument("text")
@json_option
def analyze(text: str, as_json: bool) -> None:
    """Show each word's way through the analysis chain.

    \b
    Example:
      rasid analyze "وَالإيرانيّون"
    """
    for token in tokens(text):
        way = steps(token.text)
        if as_json:
            ways = [{"rule": step.rule, "from": step.before, "to": step.after} for step in way]
            row = {"text": token.text, "start": token.start, "end": token.end} | token.term._asdict()
            click.echo(json.dumps(row | {"steps": ways}, ensure_ascii=False))
        else:
            click.echo("\t".join([token.text, *(f"{step.rule}: {step.after}" for step in way)]))


@rasid.command()
@json_option
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Show what is in the archive and the index."""
    with HomeReadingRoom(settings) as room:
        document = status_document(room)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for name, value in document.items():
        if name == "sources":
            value = ", ".join(f"{bucket['value']} {bucket['count']}" for bucket in value)
        click.echo(f"{name}: {'—' if value in (None, '') else value}")


def status_document(room: HomeReadingRoom) -> dict[str, Any]:
    """The status as the contract's `status` object."""
    found = asdict(room.status())
    found.pop("warnings")
    return found


@rasid.command()
@click.option("--deep", is_flag=True, help="Also compare the index with the archive, article by article.")
@click.pass_obj
def verify(settings: Settings, deep: bool) -> None:
    """Check every checksum of every generation."""
    found = 0
    for fault in faults(settings, deep=deep):
        found += 1
        click.echo(fault)
    if found:
        _fail(f"{found} faults", "failed")
    click.echo("ok: " + ", ".join(generations.published(settings.index_folder)))


@rasid.command()
@click.argument("query")
@click.option("--format", "format_", type=click.Choice(tuple(FORMATS)), required=True)
@click.option("--fields", metavar="NAME,…", help="Only these fields, in this order.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file, whole or not at all."
)
@click.option("--source", multiple=True, metavar="S", help="Only this source (repeatable; -S excludes).")
@click.option("--section", multiple=True, metavar="S")
@click.option("--author", multiple=True, metavar="A")
@click.option("--year", multiple=True, type=int)
@click.option("--from", "first", metavar="D", help="From this day, month or year on.")
@click.option("--to", "last", metavar="D", help="Up to this day, month or year.")
@click.option(
    "--match", type=click.Choice(("exact", "spelling", "stem", "wide")), default="stem", show_default=True
)
@click.option("--operator", type=click.Choice(("auto", "and", "or")), default="auto", show_default=True)
@click.pass_obj
def export(
    settings: Settings, /, query: str, format_: str, fields: str | None, output: Path | None, **filters: Any
) -> None:
    """Stream every hit of a query.

    \b
    Examples:
      rasid export "الكاظمي طهران" --format csv --output kadhimi.csv
      rasid export "" --format jsonl --fields id,title,published | head
    """
    chosen = tuple(name.strip() for name in fields.split(",")) if fields else None
    with HomeReadingRoom(settings) as room:
        chunks = exported(room, query, format_, chosen, **request_filters(**filters))
        if output is None:
            sys.stdout.buffer.writelines(chunks)
        else:
            _write_whole(output, chunks)


@rasid.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--run", "runs", multiple=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--queries", multiple=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--syntax", is_flag=True, help="Parse each query as typed, instead of reading plain words.")
@engine_option
@json_option
@click.pass_obj
def evaluate(
    settings: Settings,
    folder: Path,
    runs: tuple[Path, ...],
    queries: tuple[Path, ...],
    syntax: bool,
    engine: str | None,
    as_json: bool,
) -> None:
    """Measure the ranking on judged queries; the home is not touched.

    DIR has docs.jsonl(.gz), queries.tsv, qrels.tsv and perhaps exclude.tsv. --run writes the answers as a
    TREC run, 100 deep; --queries takes other queries. The two repeat in pairs over one index.

    \b
    Example:
      rasid evaluate judged/ --run run.txt --queries judged/queries_typo.tsv --run typo.txt
    """
    judged = JudgedSet(folder)
    with indexed(judged, engine or settings.engine or DEFAULT_ENGINE) as (snapshot, given):
        for file, run_file in zip_longest(queries, runs) if queries or runs else ((None, None),):
            run = ranked(snapshot, judged.queries(file), judged.excluded(), given, syntax=syntax)
            if run_file:
                _write_whole(run_file, (line.encode() for line in trec_lines(run)))
            means = {
                name: sum(v.values()) / max(1, len(v)) for name, v in measured(run, judged.qrels()).items()
            }
            name = (file or folder / "queries.tsv").name
            if as_json:
                click.echo(json.dumps({"queries": name} | {key: round(v, 4) for key, v in means.items()}))
            else:
                click.echo("\t".join([name, *(f"{key} {value:.4f}" for key, value in means.items())]))


@rasid.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write archive and lexicon to a file, consistent while running.

    \b
    Example:
      rasid backup rasid-2023.tar.gz
    """
    write_backup(settings, file)


@rasid.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Replace what is in the home.")
@wait_option
@click.pass_obj
def restore(settings: Settings, file: Path, force: bool, wait: float) -> None:
    """Put a backup into an empty home and build its index."""
    click.echo(f"{restore_backup(settings, file, force=force, wait=wait)} articles")


def request_filters(
    source: tuple[str, ...] = (),
    section: tuple[str, ...] = (),
    author: tuple[str, ...] = (),
    year: tuple[int, ...] = (),
    first: str | None = None,
    last: str | None = None,
    **others: Any,
) -> dict[str, Any]:
    """The fields of a `SearchRequest` that the filter options of a command stand for."""
    if strange := [y for y in year if not MINYEAR <= y <= MAXYEAR]:
        raise click.BadParameter(f"{strange[0]} is no year", param_hint="--year")
    given = [("source", value) for value in source]
    given += [("section", value) for value in section] + [("author", value) for value in author]
    return {
        "include": tuple((name, value) for name, value in given if not value.startswith("-")),
        "exclude": tuple((name, value[1:]) for name, value in given if value.startswith("-")),
        "years": tuple(year),
        "date_from": _day(first, "--from")[0] if first else None,
        "date_to": _day(last, "--to")[1] if last else None,
        **others,
    }


def _day(text: str, option: str) -> Any:
    try:
        return span(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def _write_whole(output: Path, chunks: Iterable[bytes]) -> None:
    """A file that is either complete or not there."""
    if output.exists() and not output.is_file():  # a device or a pipe: there is nothing to put in its place
        with output.open("wb") as stream:
            stream.writelines(chunks)
        return
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _pair(item: str) -> tuple[str, str]:
    field, sign, column = item.partition("=")
    if not sign or not field or not column:
        raise click.BadParameter(f"{item!r}: expected FIELD=COLUMN", param_hint="--map")
    return field, column


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # No thread refreshes the bar: processes are forked meanwhile, and a thread's locks would be copied shut.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _exit_for(refused: int) -> None:
    if refused:
        sys.exit(EXIT["refused"])


def _fail(message: str, why: str) -> NoReturn:
    _say(f"rasid: {message}")
    sys.exit(EXIT[why])


def run(command: click.Group) -> None:
    """Runs the command line and maps errors to exit codes."""
    try:
        command.main(standalone_mode=False)
    except click.exceptions.Abort:
        _fail("stopped", "failed")
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT["usage"] if isinstance(error, click.UsageError) else EXIT["failed"])
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except WriterBusy as error:
        _fail(str(error), "busy")
    except (RasidError, IndexUnavailable) as error:
        _fail(str(error), "failed")
    except OSError as error:  # a file to write, a disk that is full
        _fail(f"{error.filename or 'output'}: {error.strerror or error}", "failed")
