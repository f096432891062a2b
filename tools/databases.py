"""Create, copy, rename and drop databases together with their filestores."""

import os
import re
import shutil
from pathlib import Path

from tools import common, environment


def _psql(sql):
    command = ["psql", "-Atqc", sql, "postgres"]
    return common.run(command, env=environment.full()).split()


def names(pattern="%"):
    """Return the databases whose name is like the SQL pattern, oldest first.

    :param str pattern: underscores and percent signs have their SQL meaning
    """
    return _psql(
        "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <>"
        f" 'postgres' AND datname LIKE '{pattern}' ORDER BY oid"
    )


def exists(name):
    """Tell whether there is a database of that name."""
    return bool(_psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def filestore(name):
    """Return the folder of the database's attachments."""
    return environment.DATA / "filestore" / name


def drop(name):
    """Drop a database, whoever is connected, and its attachments."""
    command = ["dropdb", "--if-exists", "--force", name]
    common.run(command, env=environment.full())
    shutil.rmtree(filestore(name), ignore_errors=True)


def drop_orphans():
    """Drop the databases of test runs that were ended before they could."""
    for name in names("test\\_%") + names("i18n\\_%"):
        match = re.search(r"_(\d+)(-gw\d+)?$", name)
        if match and not Path(f"/proc/{match[1]}").exists():
            drop(name)


def clone(source, target):
    """Copy a database that nobody is connected to, in well under a second.

    Attachments are never changed in place, so the copy's are hard links.
    """
    drop(target)
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)
    command = ["createdb", "--template", source, target]
    common.run(command, env=environment.full())


def rename(source, target):
    """Give a database another name; one that has it already is dropped.

    The filestore goes first: a crash in between leaves the target missing, which the
    next run notices.
    """
    drop(target)
    if filestore(source).exists():
        filestore(source).rename(filestore(target))
    _psql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
