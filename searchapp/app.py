"""The web application: one function makes it from what it needs.

request ─host check, ETag─▶ view ─▶ response ─headers─▶
"""

import hashlib
import ipaddress
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from jinja2 import StrictUndefined
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer import RELEASE
from indexer.errors import RasidError
from indexer.lru import Lru
from indexer.reading import ReadingRoom
from indexer.settings import Settings
from searchapp import i18n
from searchapp.api import Api, json_response
from searchapp.faults import fault_of, problem
from searchapp.feeds import Feeds
from searchapp.kept import KeptRoom
from searchapp.operation import Metrics, Operation
from searchapp.packed import Packed, packed, shelf
from searchapp.views import Pages, reader

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in ("style-src", "script-src", "img-src", "connect-src", "form-action")),
        *(f"{kind} 'none'" for kind in ("base-uri", "frame-ancestors")),
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every response."""

CACHED = ("api", "pages", "feeds")
"""Blueprints whose answers depend on the address, the language and the state of the room only."""

VARY = ("Accept-Language", "Accept-Encoding")

STATIC_AGE = 365 * 24 * 3600
"""Seconds a static file may be kept; its address carries a digest of it."""

log = logging.getLogger("rasid.web")


def create_app(
    room: ReadingRoom,
    settings: Settings,
    *,
    cors: str | None = None,
    loopback: bool = True,
    rate_limit: str | None = None,
    proxies: int = 0,
) -> Flask:
    """The application.

    Args:
        room: what answers.
        cors: the origin that may read ``/api/`` from a browser, or ``*``.
        loopback: whether it listens on a loopback address only; then only the names of this machine and of
            `settings.base_url` are answered (DNS rebinding).
        rate_limit: how much one client may ask of pages and API, such as ``60/minute``; None: any.
        proxies: how many proxies before this process are trusted to tell client, scheme and host.
    """
    app = Flask("searchapp", template_folder=str(folder("templates")), static_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE)
    app.static_folder = str(folder("static"))
    app.add_url_rule("/static/<path:filename>", "static", app.send_static_file)
    app.url_map.merge_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    kept = KeptRoom(room)

    def base() -> str:
        return settings.base_url or request.host_url.rstrip("/")

    metrics = Metrics(kept)
    pages = Pages(kept, assets(), RELEASE, base)
    feeds = Feeds(kept, base, pages.assets, lambda: reader().language)
    for part in (Api(kept, RELEASE, base), Operation(kept, metrics), pages, feeds):
        app.register_blueprint(part.blueprint())
    gate = Gate(kept, pages, cors, host_of(settings.base_url), loopback, shelf())
    app.before_request(metrics.begin)
    app.before_request(gate.check_host)
    if rate_limit:
        limit(app, rate_limit)
    app.before_request(gate.enter)
    app.after_request(metrics.end)
    app.after_request(gate.leave)
    app.register_error_handler(Exception, gate.fail)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[proxies] * 3)  # type: ignore[method-assign]
    return app


def limit(app: Flask, rate: str) -> None:
    """Limits what one client may ask; in memory, each process by itself. Operation and files are free."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[rate],
        storage_uri="memory://",
        headers_enabled=True,
        retry_after="delta-seconds",
    )
    limiter.request_filter(lambda: request.blueprint not in CACHED)


def folder(name: str) -> Path:
    """Templates or static files: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def assets() -> Mapping[str, str]:
    """Name of each static file → its address, which changes with its content."""
    files = (path for path in sorted(folder("static").iterdir()) if path.is_file())
    return {path.name: f"/static/{path.name}?v={_digest(path.read_bytes())[:8]}" for path in files}


def host_of(base_url: str | None) -> str | None:
    """The host of an absolute address."""
    return urlsplit(base_url).hostname if base_url else None


def is_local(host: str) -> bool:
    """Whether a ``Host`` header names this machine itself, at any port.

    >>> [is_local(host) for host in ("localhost:8000", "127.0.0.1", "[::1]:80", "localhost.example")]
    [True, True, True, False]
    """
    name = host_name(host)
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """The name in a ``Host`` header, without port and brackets; empty where it is none.

    >>> host_name("rasid.example:80"), host_name("[::1]:80"), host_name("::1")
    ('rasid.example', '::1', '::1')
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Gate:
    """What every request passes on its way in and out."""

    room: ReadingRoom
    pages: Pages
    cors: str | None
    host: str | None
    loopback: bool
    shelf: Lru[str, Packed]

    def enter(self) -> Response | None:
        """Answers 304 where the client has this very answer, and from the shelf what is there."""
        tag = g.tag = self._tag()
        known = request.if_none_match
        if tag and not known.star_tag and known.contains_weak(tag):
            return Response(status=304)
        held = self.shelf.get(tag) if tag else None
        return held.response(accepts_gzip=accepts_gzip()) if held else None

    def leave(self, response: Response) -> Response:
        """Puts the headers on."""
        response.headers.update(HEADERS)
        if request.blueprint in CACHED:
            response.vary.update(VARY)
            self._tag_response(response)
            self._pack(response)
        if self.cors and is_api():
            response.headers["Access-Control-Allow-Origin"] = self.cors
            response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
            response.vary.update(() if self.cors == "*" else ("Origin",))
        return response

    def fail(self, error: Exception) -> Response:
        """The answer to an error, as a page or as a problem document."""
        if not isinstance(error, RasidError | HTTPException):
            _log(error)
        if is_api() or request.blueprint == "operation":
            language = i18n.preferred(None, request.accept_languages)
            fault = fault_of(error, language)
            response = json_response(problem(fault, language), fault.row.status, "application/problem+json")
        else:
            response = self.pages.error(error)
        response.headers["Cache-Control"] = "no-store"
        if response.status_code == 405:
            response.headers["Allow"] = "GET, HEAD"
        return response

    def check_host(self) -> None:
        """Refuses strange hosts. Browsers always send `Host`; who sends none cannot be a rebound page."""
        host = request.environ.get("HTTP_HOST", "")
        if self.loopback and host and not is_local(host) and host_name(host) != self.host:
            raise BadRequest()

    def _tag(self) -> str | None:
        """The entity tag of what would be answered; None where nothing may be kept."""
        if request.blueprint not in CACHED or request.method not in ("GET", "HEAD"):
            return None
        language = i18n.preferred(None, request.accept_languages) if is_api() else reader().language
        try:
            state = self.room.state()
        except RasidError:
            return None
        parts = (state, RELEASE, language, request.scheme, request.host, request.full_path)
        return _digest("\0".join(parts).encode("utf-8", "backslashreplace"))[:24]

    def _tag_response(self, response: Response) -> None:
        if response.status_code not in (200, 304) or response.cache_control.no_store:
            return
        if tag := g.get("tag"):
            response.set_etag(tag, weak=True)
            response.cache_control.no_cache = True

    def _pack(self, response: Response) -> None:
        """Compresses an answer for those who accept it, and keeps it where it has a tag."""
        if response.status_code != 200 or (made := packed(response, gzipped=accepts_gzip())) is None:
            return
        if tag := response.get_etag()[0]:
            self.shelf.put(tag, made)
        if made.gzipped:
            response.set_data(made.body)
            response.headers["Content-Encoding"] = "gzip"


def accepts_gzip() -> bool:
    """Whether the client reads compressed answers."""
    return request.accept_encodings["gzip"] > 0


def is_api() -> bool:
    """Whether the request is for the JSON API, known endpoint or not."""
    return request.path == "/api" or request.path.startswith("/api/")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _log(error: Exception) -> None:
    """A bug, told without any value of the request: queries are nobody's business."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s in %s\n%s", type(error).__name__, request.endpoint, frames)
