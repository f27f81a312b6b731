"""Statements: whoever may see one reads it; a party and the authority put them on record."""

from litestar import Controller, get, post, put
from msgspec import Struct

from detente.api.answers import Asked, Key, Make, by_authority, noticed
from detente.api.caller import Role, may
from detente.api.counter import Counter
from detente.api.limits import Measures
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import Outcome, State
from detente.authority import command as c
from detente.authority.disclosure import ToldStatement, statements_for
from detente.record.entry import Said
from detente.record.statement import Grade, Statement

__all__ = ["Entering", "GradingController", "Opening", "StatementsController"]


class Entering(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement to be put on record, and who may see it beside the authority.

    Parameters
    ----------
    statement : its ``id`` is that of the path.
    public : all may. shared : these parties may.
    """

    statement: Statement
    public: bool = False
    shared: tuple[str, ...] = ()


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may see a statement from now on, beside those that already do."""

    public: bool = False
    shared: tuple[str, ...] = ()


class StatementsController(Controller):
    """``/v1/statements``."""

    path = "/v1/statements"
    tags = ("record",)

    @get(guards=[may("read")])
    async def many(
        self,
        request: Asked,
        counter: Counter,
        about: str | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[ToldStatement]:
        """List the statements that the caller may see, by name; ``about`` one subject."""
        after, who = start_of(cursor), request.user.reader

        def question(state: State) -> Page[ToldStatement]:
            rows = (
                (told.name, told)
                for told in statements_for(state, who)
                if told.name > after and (about is None or told.statement.about.id == about)
            )
            return page(rows, limit)

        return await counter.read(question)

    @put("/{statement:str}", guards=[may("speak")], status_code=200)
    async def enter(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        statement: str,
        data: Entering,
        key: Key,
    ) -> ToldStatement:
        """Put on record what was said; a party speaks for itself, the authority quotes."""
        measures.statement(request.user, key)
        if data.statement.id != statement:
            raise ProblemError(
                "invalid", f"statement {data.statement.id[:100]!r} at another's path",
                field="statement/id", mend="give the identifier of the path",
            )  # fmt: skip
        return await self._said(
            request, counter, key, statement,
            lambda **k: c.EnterStatement(
                statement=data.statement, public=data.public, shared=data.shared, **k
            ),
        )  # fmt: skip

    @post("/{statement:str}/share", guards=[may("speak")], status_code=200)
    async def share(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        statement: str,
        data: Opening,
        key: Key,
    ) -> ToldStatement:
        """Let more see a statement of one's own; what was seen cannot be unseen."""
        measures.statement(request.user, key)
        return await self._said(
            request, counter, key, statement,
            lambda **k: c.ShareStatement(
                statement=statement, public=data.public, shared=data.shared, **k
            ),
        )  # fmt: skip

    async def _said(
        self, request: Asked, counter: Counter, key: str, id: str, make: Make
    ) -> ToldStatement:
        name = f"{request.user.by}/{id}"
        if request.user.role is Role.AUTHORITY:
            await by_authority(counter, request, key, make)
        else:
            notice = await noticed(counter, request, key, make)
            for content in notice.contents:
                if isinstance(content, ToldStatement) and content.name == name:
                    return content
        who = request.user.reader
        known = await counter.read(lambda state: statements_for(state, who))
        for told in known:
            if told.name == name:
                return told
        raise ProblemError("fault", "no answer about the statement")


class GradingController(Controller):
    """``/v1/airspace/statements``: whole, with the authority's own grades."""

    path = "/v1/airspace/statements"
    tags = ("record",)

    @get(guards=[may("decide")])
    async def many(
        self,
        counter: Counter,
        about: str | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[Said]:
        """List every statement, by name, with who may see it, its grade, and its entry."""
        after = start_of(cursor)

        def question(state: State) -> Page[Said]:
            rows = (
                (name, said)
                for name, said in sorted(state.statements.items())
                if name > after and (about is None or said.statement.about.id == about)
            )
            return page(rows, limit)

        return await counter.read(question)

    @put("/{by:str}/{statement:str}/grade", guards=[may("record")], status_code=200)
    async def grade(
        self, request: Asked, counter: Counter, by: str, statement: str, data: Grade, key: Key
    ) -> Outcome:
        """Grade a statement by the Admiralty code; nobody else is told."""
        return await by_authority(
            counter,
            request,
            key,
            lambda **k: c.GradeStatement(statement=f"{by}/{statement}", grade=data, **k),
        )
