"""What the servers and databases of these tests have as the ones before had it, instead of anew."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, LiteralString

import psycopg
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.routing import _IncludedRouter
from starlette._utils import get_route_path
from starlette.routing import Match
from starlette.types import Scope

import api.app
from api.app import create_app
from api.authentication.costs import Allowance, Spending
from api.services import Services
from api.shape import Platform
from api.web import assets
from ingest.store.protocol import Store
from qingyuan.runtime import page_server
from tests.conftest import Postgres


class _Sooner(ModuleType):
    """asyncio, in which everybody sleeps a tenth as long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s / 10)


class StoreOnceAsked:
    """A store that is opened when it is first asked: to open one takes longer than most requests,
    and most tests are about people.
    """

    def __init__(self, open_it: Callable[[], Store]) -> None:
        self._open_it, self._opening = open_it, threading.Lock()
        self._store: Store | None = None

    def __getattr__(self, name: str) -> Any:
        with self._opening:
            self._store = self._store or self._open_it()
        return getattr(self._store, name)

    def close(self) -> None:
        """Let go of what was opened."""
        if self._store is not None:
            self._store.close()


@contextmanager
def _of_another(before: FastAPI) -> Iterator[None]:
    """An app that is made has routes, files and templates of one made before."""

    def mount(app: FastAPI, libraries: Path) -> None:
        app.state.assets = before.state.assets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastAPI, "include_router", lambda *_, **__: None)
        patch.setattr(FastAPI, "get", lambda *_, **__: lambda answer: answer)
        patch.setattr(assets, "mount", mount)
        patch.setattr(api.app, "environment", lambda _: before.state.templates)
        yield


def _matches_below(
    included: Any, scope: Scope, anywhere: Callable[[Any, Scope], tuple[Match, Scope]]
) -> tuple[Match, Scope]:
    """A router that is included below a prefix matches nothing beside it: its routes, tens of them,
    need not be tried one by one.
    """
    if not get_route_path(scope).startswith(included.include_context.prefix):
        return Match.NONE, {}
    return anywhere(included, scope)


class _Unbounded(Spending):
    """Walks ask for everything by one account while the clock stands."""

    def spend(self, of: Allowance, username: str, now_ms: int) -> None:
        """Count nothing; ``test_costs.py`` counts."""


@contextmanager
def light_servers() -> Iterator[None]:
    """FastAPI takes most of a second to look into all routes of an app, Jinja tens of milliseconds
    for a page, httpx reads all the certificates of the world for each client, uvicorn sleeps
    before it looks whether it shall end, and a request is held against a thousand routes. Here the
    second app has routes, files and templates of the first one, and whatever else is its own.
    """
    known: list[tuple[Path, Sequence[Platform], FastAPI]] = []

    def app_of(services: Services, roster: Sequence[Platform]) -> FastAPI:
        for libraries, platforms, before in known:
            if (libraries, platforms) == (services.libraries, roster):
                with _of_another(before):
                    app = create_app(services, roster)
                app.router.routes = before.router.routes
                return app
        app = create_app(services, roster)
        known.append((services.libraries, roster, app))
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_server, "create_app", app_of)
        patch.setattr("api.app.Spending", _Unbounded)
        anywhere = _IncludedRouter.matches
        patch.setattr(
            _IncludedRouter, "matches", lambda of, scope: _matches_below(of, scope, anywhere)
        )
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        patch.setattr(uvicorn.server, "asyncio", _Sooner("asyncio"))
        yield


_SHAPE: LiteralString = """
select md5(string_agg(said, ' ' order by said)) from (
    select concat_ws(' ', relname, relkind, relacl, attname, atttypid, attnotnull) as said
    from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and attnum > 0
    union all select concat_ws(' ', tgrelid::regclass, tgname, tgenabled) from pg_trigger
    union all select concat_ws(' ', conrelid::regclass, conname) from pg_constraint
) as every
"""
_KEEP: LiteralString = """
create schema kept;
do $$ declare one record; begin
    for one in select tablename as name from pg_tables where schemaname = 'public' loop
        execute format('create table kept.%1$I as table public.%1$I', one.name);
    end loop;
    create table kept.sequences_ as select * from pg_sequences where schemaname = 'public';
end $$;
"""
_GIVE_BACK: LiteralString = """
set session_replication_role = replica;
do $$ declare one record; begin
    for one in select tablename as name from pg_tables where schemaname = 'public' loop
        execute format('delete from public.%I', one.name);
        execute format(
            'insert into public.%1$I overriding system value select * from kept.%1$I', one.name);
    end loop;
    perform setval(format('public.%I', sequencename), coalesce(last_value, start_value),
        last_value is not null) from kept.sequences_;
end $$;
"""
_HANG_UP: LiteralString = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


class Copies:
    """Copies of a database of PostgreSQL. The same one is given again and again with its rows
    as they were, for as long as nobody changes what its tables are.
    """

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres, self._template = postgres, template
        self._url = self._shape = ""

    def fresh(self) -> str:
        """The URL of a copy that is nobody else's."""
        if not self._url or not self._has_all_back():
            self._url = self._postgres.database(self._template)
            with self._connected() as connection:
                self._shape = _shape(connection)
                connection.execute(_KEEP)
        return self._url

    def _has_all_back(self) -> bool:
        with self._connected() as connection:
            connection.execute(_HANG_UP)
            if _shape(connection) != self._shape:
                return False
            connection.execute(_GIVE_BACK)
        return True

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._url.replace("+psycopg", ""))


def _shape(connection: psycopg.Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
