"""Runs commands through the installed Azure CLI with its network layer replaced, and prints what it would send.

Reads a JSON list of commands from standard input, each a list of words behind `az`. Prints one JSON object a line:
`{"url": ..., "body": ...}` of the request that would be sent, or `{"refused": ...}` with the CLI's message.
"""
import json
import os
import sys
import tempfile
import time

os.environ["AZURE_CONFIG_DIR"] = tempfile.mkdtemp()
os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "false"
os.environ["AZURE_CORE_NO_COLOR"] = "true"

import azure.cli.core._profile as profile  # noqa: E402
import azure.cli.core.azclierror as azclierror  # noqa: E402
from azure.cli.core import get_default_cli  # noqa: E402
from azure.cli.core.aaz import _client  # noqa: E402

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
LOCATION = "location-of-the-group"


class Sent(Exception):
    """Ends a command where it would have reached the network."""


class Credential:
    """Passes for a credential; nothing is ever signed."""

    def get_token(self, *_scopes, **_options):
        raise AssertionError("nothing may be sent")


# The requests of the command that runs. Some are sent from a thread of their own.
SENT = []


def send_request(self, request, stream=False, **_options):
    """Stands in for the pipeline."""
    SENT.append(request)
    raise Sent


def replace_network():
    """From here on nothing reaches a network or needs a login."""
    import azure.cli.command_modules.vm.custom as custom
    import azure.cli.core.commands as commands
    import azure.cli.core.commands.client_factory as client_factory
    import azure.cli.core.commands.parameters as parameters

    _client.AAZBaseClient.send_request = send_request
    profile.Profile.get_subscription_id = lambda self, subscription=None: subscription or SUBSCRIPTION
    profile.Profile.get_subscription = lambda self, subscription=None: {"id": SUBSCRIPTION, "tenantId": SUBSCRIPTION}
    profile.Profile.get_login_credentials = lambda self, **_options: (Credential(), SUBSCRIPTION, SUBSCRIPTION)
    client_factory.get_subscription_id = lambda cli_ctx: cli_ctx.data.get("subscription_id") or SUBSCRIPTION
    commands.LongRunningOperation._delay = lambda self: time.sleep(0.001)
    parameters.get_subscription_locations = lambda _cli: []
    custom._get_resource_group_location = lambda _cli, _group: LOCATION


def run(cli, words, messages):
    """What becomes of one command."""
    messages.clear()
    SENT.clear()
    invoker = cli.invocation_cls(
        cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
    )
    cli.invocation = invoker
    cli.data["subscription_id"] = None
    invoker.data["command_string"] = " ".join(words)
    try:
        invoker.execute(words)
        failure = "nothing was sent"
    except (Exception, SystemExit) as error:
        failure = messages[0] if messages else f"{type(error).__name__}: {error}"
    if SENT:
        content = SENT[-1].body
        return {"url": SENT[-1].url, "body": json.loads(content) if isinstance(content, str) else content}
    return {"refused": failure}


def main():
    """Runs all commands."""
    replace_network()
    messages = []
    azclierror.AzCLIError.print_error = lambda self: messages.append(str(self.error_msg))
    azclierror.AzCLIError.send_telemetry = lambda self: None
    cli = get_default_cli()
    for words in json.load(sys.stdin):
        print(json.dumps(run(cli, words, messages)), flush=True)


if __name__ == "__main__":
    main()
