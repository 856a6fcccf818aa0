"""`python -m sbk_portal.background worker …` and `beat …`: Celery's own two commands.

Celery's program loads all of its commands, a shell for its broker among them: 190 modules and 8 MB
that no worker uses. For what else it does (`inspect`), it is there as `celery --app=sbk_portal`.
"""

import click
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker

from sbk_portal.celery import app


@click.group(commands=[worker, beat])
@click.option("-q", "--quiet", is_flag=True)
@click.pass_context
def background(context: click.Context, quiet: bool) -> None:
    context.obj = CLIContext(app=app, no_color=False, workdir=None, quiet=quiet)


if __name__ == "__main__":
    background()
