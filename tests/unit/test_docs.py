"""README, ARCHITECTURE and the texts of the source tree say what the code says."""

import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest

from indexer.analysis import term_of
from indexer.analysis.lexicon import FOLDER, HOME_FILES
from indexer.model import SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import ENVIRONMENT, Settings
from searchapp import params
from searchapp.app import create_app
from searchapp.cli import rasid
from searchapp.links import API

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
LEXICON = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
DOCUMENTS = [
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
]

VIEWS = "What is indexed, and what is decided at query time"

OF_TESTS = {"RASID_REQUIRE"}
"""Environment variables that only the suite reads."""

BROUGHT = {"markupsafe", "werkzeug"}
"""Packages that Flask is made of and brings: its values are theirs."""

NOT_OURS = re.compile(r"\..*|var|build|dist|.*\.egg-info|__pycache__|node_modules")
"""Folders that the source tree does not own: made by tools, never tracked. ``.ci`` is the exception."""

BINARY = {".png", ".gz", ".ico", ".woff2"}

MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|farm|root|home|Users)/")

HIDDEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Bidi controls: they garble how code reads; source files write them as escapes."""


def sources() -> Iterator[Path]:
    """Every text file of the source tree."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.is_dir():
                if path.name == ".ci" or not NOT_OURS.fullmatch(path.name):
                    folders.append(path)
            elif path.suffix not in BINARY and (path.parent != ROOT or not path.name.startswith(".")):
                yield path


def setup() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def declared() -> dict[str, list[str]]:
    """Group of dependencies → their names; our own extras left out."""
    options, extras = setup()["options"], setup()["options.extras_require"]
    groups = {"core": options["install_requires"], **extras}
    names = {group: re.findall(r"^([\w.-]+)", lines, re.MULTILINE) for group, lines in groups.items()}
    return {group: [plain(name) for name in found if name != "rasid"] for group, found in names.items()}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def commands() -> dict[str, click.Command]:
    return dict(rasid.commands)


def options(command: click.Command) -> list[str]:
    return [max(option.opts, key=len) for option in command.params if isinstance(option, click.Option)]


def imported(path: Path) -> set[str]:
    """The top packages that a module imports, anywhere in it."""
    lines = path.read_text(encoding="utf-8")
    return set(re.findall(r"^\s*(?:from|import) (\w+)", lines, re.MULTILINE))


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"there is no section {heading!r}"
    return rest.partition("\n## ")[0]


def shell_lines(text: str) -> Iterator[list[str]]:
    """The words after ``rasid`` of every line that a reader may type, `--home DIR` left out."""
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in re.findall(r"(?:^|[|$]\s*)rasid (?:--home \S+ )?(\S.*)$", block, re.MULTILINE):
            yield line.split()


@pytest.mark.parametrize("name", commands())
def test_readme_tells_every_command_and_option(name: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith(f"| `rasid {name}")]
    assert len(rows) == 1
    missing = [
        option for option in options(commands()[name]) if option != "--home" and f"`{option}" not in rows[0]
    ]
    assert not missing


def test_readme_tells_the_options_before_a_command() -> None:
    assert not [option for option in options(rasid) if f"`{option}" not in README]


def test_readme_tells_no_command_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `rasid (\w+)", README, re.MULTILINE))
    assert told == set(commands())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_use_commands_and_options_that_are_there(document: str) -> None:
    for command, *rest in shell_lines((ROOT / document).read_text(encoding="utf-8")):
        assert command in commands()
        given = {word.partition("=")[0] for word in rest if re.match(r"--\w", word)}
        assert given <= {*options(commands()[command]), "--home"}, f"{command} {rest}"


def test_readme_tells_every_environment_variable_and_no_other() -> None:
    told = set(re.findall(r"RASID_[A-Z_]+", README))
    assert told == set(ENVIRONMENT) | OF_TESTS


def test_readme_tells_every_parameter_of_a_search() -> None:
    rows = section(README, "HTTP").partition("| parameter of `search` |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ([^|]+) \|", rows, re.MULTILINE)
    told = set(re.findall(r"`(\w+)`", " ".join(cells))) | set(re.findall(r"pages have `(\w+)`", rows))
    assert told == {parameter.name for parameter in params.SEARCH}


def test_readme_tells_every_address(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with HomeReadingRoom(settings) as room:
        rules = [rule.rule for rule in create_app(room, settings).url_map.iter_rules()]
    addresses = [rule.removeprefix(f"{API}/") for rule in rules if rule != "/static/<path:filename>"]
    assert not [address for address in addresses if f"`{address}`" not in section(README, "HTTP")]


def test_readme_counts_the_articles_that_its_queries_find(seed_room: HomeReadingRoom) -> None:
    rows = re.findall(r"^\| `(.+?)` \| .* \| (\d+) \|$", section(README, "Query language"), re.MULTILINE)
    assert len(rows) > 10
    counted = [(q, str(seed_room.answer(SearchRequest(q=q)).total)) for q, _ in rows]
    assert counted == rows


@pytest.mark.parametrize("group", declared())
def test_architecture_gives_the_reason_of_every_dependency(group: str) -> None:
    tables = section(ARCHITECTURE, "Dependencies")
    told = re.findall(rf"^\| `([\w.-]+)` \| {group} \|", tables, re.MULTILINE)
    assert sorted(map(plain, told)) == sorted(declared()[group])


def test_architecture_has_a_heading_for_every_package_folder() -> None:
    places = dict(line.split(" = ") for line in setup()["options"]["package_dir"].strip().splitlines())
    folders = [places.get(name, name.replace(".", "/")) for name in setup()["options"]["packages"].split()]
    headings = re.findall(r"^###? .*$", ARCHITECTURE, re.MULTILINE)
    assert not [folder for folder in folders if not any(f"`{folder}/`" in heading for heading in headings)]


@pytest.mark.parametrize("folder", ["indexer", "searchapp"])
def test_architecture_names_every_module(folder: str) -> None:
    modules = {path.name for path in (ROOT / folder).rglob("*.py") if path.name != "__init__.py"}
    assert not [name for name in sorted(modules) if f"`{name}`" not in ARCHITECTURE]


def test_architecture_names_no_module_that_is_not_there() -> None:
    modules = {path.name for folder in ("indexer", "searchapp") for path in (ROOT / folder).rglob("*.py")}
    assert set(re.findall(r"`(\w+\.py)`", ARCHITECTURE)) <= modules


def test_architecture_shows_the_views_of_a_word_as_they_are() -> None:
    word = re.findall(r"example: (\S+) \|", ARCHITECTURE)[0]
    told = re.findall(r"^\| `(\w+)` \|[^|]+\| (\S+) \|", section(ARCHITECTURE, VIEWS), re.MULTILINE)
    assert dict(told) == term_of(word)._asdict()


def test_imports_run_down_the_list_that_architecture_gives() -> None:
    listed = re.findall(r"^```\n(cli →.*?)^```", ARCHITECTURE, re.MULTILINE | re.DOTALL)[0].split("→")
    depth = {name: level for level, names in enumerate(listed) for name in re.findall(r"\w+", names)}
    for path in (ROOT / "indexer").rglob("*.py"):
        room = path.relative_to(ROOT / "indexer").parts[0].removesuffix(".py")
        needed = re.findall(r"^\s*from indexer\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        others = {name for name in needed if name != room}
        wrong = [name for name in others if room in depth and depth.get(name, 0) <= depth[room]]
        assert not wrong, f"{path.name} imports {wrong}"


def test_every_package_that_is_imported_is_declared() -> None:
    modules = [path for folder in ("indexer", "searchapp") for path in (ROOT / folder).rglob("*.py")]
    tops = set().union(*map(imported, modules)) - sys.stdlib_module_names - {"indexer", "searchapp"}
    distributions = packages_distributions()
    needed = {plain(name) for top in tops for name in distributions.get(top, [top])}
    known = {name for names in declared().values() for name in names} | BROUGHT
    assert needed <= known


def test_indexer_never_imports_searchapp() -> None:
    modules = (ROOT / "indexer").rglob("*.py")
    assert not [path.name for path in modules if imported(path) & {"searchapp"}]


def test_whoosh_is_imported_in_one_module_only() -> None:
    modules = [path for folder in ("indexer", "searchapp") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in modules if "whoosh" in imported(path)] == ["files.py"]


def test_lexicon_page_tells_every_shipped_file_and_which_a_home_may_hold() -> None:
    assert not [path.name for path in FOLDER.glob("*.txt") if f"`{path.name}`" not in LEXICON]
    home = set(re.findall(r"^\| `(\w+\.txt)` \|.*\| yes \|", LEXICON, re.MULTILINE))
    assert home == set(HOME_FILES)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    here = (ROOT / document).parent
    assert not [target for target in targets if not (here / (target.partition("#")[0] or document)).exists()]


def test_no_file_names_a_folder_of_one_machine() -> None:
    texts = ((path, path.read_text(encoding="utf-8")) for path in sources())
    assert not [str(path) for path, text in texts if MACHINE_PATH.search(text)]


def test_no_source_file_holds_hidden_bidi_controls() -> None:
    code = [path for path in sources() if path.suffix in {".py", ".html", ".css", ".js", ".cfg", ".toml"}]
    assert not [str(path) for path in code if HIDDEN.search(path.read_text(encoding="utf-8"))]
