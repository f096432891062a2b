"""Set everything up in `.run`: Odoo's source, Python packages, PostgreSQL.

Each step is skipped when its stamp says that it was completed for the same inputs.
"""

from tools import (
    common,
    environment,
    node,
    odoo_tree,
    postgres,
    python_env,
    system_packages,
)


def ensure(node_packages=False):
    """Have everything in place that Odoo needs to start.

    :param bool node_packages: the formatter of the XML files too
    """
    with common.lock("prepare"):
        python_env.ensure()
        node.ensure_runtime()
        odoo_tree.ensure()
        if node_packages:
            node.ensure_packages()
        system_packages.ensure()
        postgres.ensure()
        environment.write()


if __name__ == "__main__":
    common.main(ensure)
