"""What can be said about the container files without a container engine."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from tools import environment
from tools.common import PYTHON, ROOT

DOCKER = ROOT / "docker"
COMPOSE_FILES = sorted(DOCKER.glob("compose*.yaml"))
LONG_RUNNING = ("unless-stopped", "always")
OPTIONS = """
import json
from odoo.tools import config
config.parse_config([], setup_logging=False)
print(json.dumps(sorted(config.options)))
"""


@pytest.fixture(name="options", scope="module")
def fixture_options():
    """Return the names of all options that this Odoo knows."""
    output = subprocess.check_output([PYTHON, "-c", OPTIONS], env=environment.full())
    return set(json.loads(output))


def _load(path):
    return yaml.safe_load(path.read_text())


def _services():
    return [
        pytest.param(service, id=f"{path.name}:{name}")
        for path in COMPOSE_FILES
        for name, service in _load(path)["services"].items()
    ]


# === FORM === #


def test_dockerfile_passes_hadolint():
    if not (program := shutil.which("hadolint", path=environment.full()["PATH"])):
        pytest.skip("hadolint does not come for this kind of machine")
    # A named user is what the base image declares.
    command = [program, "--ignore", "DL3066", str(DOCKER / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_compose_file_fits_its_schema(path):
    command = [PYTHON, "-m", "check_jsonschema"]
    command += ["--builtin-schema", "vendor.compose-spec", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_script_is_executable_and_well_formed():
    path = DOCKER / "setup.sh"
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


# === PATHS AND OPTIONS === #


def test_every_copied_path_exists():
    text = (DOCKER / "Dockerfile").read_text()
    sources = re.findall(r"^COPY (?:--\S+ )*(\S+) \S+$", text, re.MULTILINE)
    assert len(sources) == text.count("\nCOPY ")
    assert [name for name in sources if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("service", _services())
def test_every_mounted_path_exists(service):
    mounts = [text.split(":")[0] for text in service.get("volumes", [])]
    paths = [name for name in mounts if name.startswith(".")]
    assert [name for name in paths if not (DOCKER / name).exists()] == []
    if "build" in service:
        build = service["build"]
        assert (DOCKER / build["context"] / build["dockerfile"]).exists()


def test_every_option_of_the_configuration_is_one_of_odoo(options):
    text = (ROOT / "odoo.conf").read_text()
    names = set(re.findall(r"^(\w+) *=", text, re.MULTILINE))
    assert names - options == set()
    assert names


@pytest.mark.parametrize(
    "path", [DOCKER / "Dockerfile", *COMPOSE_FILES], ids=lambda path: path.name
)
def test_every_variable_of_odoo_names_an_option(path, options):
    names = set(re.findall(r"\bODOO_([A-Z_]+)\b", path.read_text())) - {"RC"}
    assert {name.lower() for name in names} - options == set()


def test_configuration_holds_no_secret_and_is_closed():
    text = (ROOT / "odoo.conf").read_text()
    assert re.search(r"^admin_passwd =$", text, re.MULTILINE)
    assert re.search(r"^list_db = False$", text, re.MULTILINE)
    assert re.search(r"^http_interface = 127\.0\.0\.1$", text, re.MULTILINE)
    assert not re.search(r"^db_(host|user|password)", text, re.MULTILINE)


# === SAFETY === #


def test_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)$", (DOCKER / "Dockerfile").read_text(), re.M)
    assert users[-1] == "odoo"


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_secrets_come_from_the_environment_only(path):
    for line in path.read_text().splitlines():
        match = re.search(r"^\s+\w*PASSWORD\w*: (.*)$", line)
        if match:
            assert re.fullmatch(r"\$\{\w+:\?.+\}", match[1]), line


@pytest.mark.parametrize("service", _services())
def test_service_gains_no_rights_and_is_watched(service):
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    if service["restart"] in LONG_RUNNING:
        assert service["healthcheck"]["test"]


@pytest.mark.parametrize("service", _services())
def test_ports_are_bound_to_this_machine(service):
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")


# === THE SET-UP SCRIPT === #


@pytest.fixture(name="setup_script")
def fixture_setup_script(tmp_path):
    """Return a function that runs `setup.sh` with programs that only note calls."""
    for name in ("dealer_b", "dealer_a"):
        (tmp_path / "addons" / name).mkdir(parents=True)
        (tmp_path / "addons" / name / "__manifest__.py").write_text("{}")
    calls = tmp_path / "calls"
    odoo = tmp_path / "odoo"
    odoo.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
    psql = tmp_path / "psql"

    def run(psql_script):
        psql.write_text(f"#!/bin/sh\n{psql_script}\n")
        for program in (odoo, psql):
            program.chmod(0o755)
        env = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "ODOO_ADDONS_PATH": str(tmp_path / "addons"),
            "DEALER_DATABASE": "dealer",
            "DEALER_COUNTRY": "CN",
            "DEALER_ADMIN_PASSWORD": "secret",
        }
        command = ["bash", DOCKER / "setup.sh"]
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        noted = calls.read_text().splitlines() if calls.exists() else []
        return done.returncode, noted

    return run


def test_first_start_creates_under_another_name_and_renames(setup_script):
    code, calls = setup_script("exit 0")
    assert code == 0
    assert [" ".join(call.split()[:2]) for call in calls] == [
        "db init",
        "i18n loadlang",
        "db rename",
        "-d dealer",
    ]
    assert calls[0].endswith(" dealer_building")
    assert "-i dealer_a,dealer_b -u dealer_a,dealer_b" in calls[3]


def test_later_start_upgrades_only(setup_script):
    code, calls = setup_script("echo 1")
    assert code == 0
    assert len(calls) == 1
    assert calls[0].startswith("-d dealer -i ")


def test_unreachable_database_server_changes_nothing(setup_script):
    code, calls = setup_script("exit 2")
    assert code != 0
    assert calls == []
