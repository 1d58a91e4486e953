"""Prints the options of the commands that cmklint reads, as the installed Azure CLI declares them.

usage: options.py COMMAND...    (one argument a command, like "sig image-version create")

The form is that of `src/azure_cli/options.txt`: a line for each command, then one line for each option, indented: its
spellings, how many values it takes (`0`, `1`, `?`, `*`, `+`), and then, where it applies, `required`, `int` and
`one-of` with the values that are accepted whatever their case. Options that every command has are listed once, first,
under `*`.
"""
import argparse
import os
import sys
import tempfile

os.environ["AZURE_CONFIG_DIR"] = tempfile.mkdtemp()
os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "false"

from azure.cli.core import get_default_cli  # noqa: E402
from azure.cli.core.parser import AzCliCommandParser  # noqa: E402


class Captured(BaseException):
    """Ends a run of the CLI once its parser stands."""


def parser_of(command):
    """The parser of one command, as the CLI builds it."""
    found = []

    def capture(self, args=None, namespace=None):
        found.append(self)
        raise Captured

    original = AzCliCommandParser.parse_args
    AzCliCommandParser.parse_args = capture
    try:
        get_default_cli().invoke(command.split() + ["--no-such-option"])
    except Captured:
        pass
    finally:
        AzCliCommandParser.parse_args = original
    parser = found[0]
    for word in command.split():
        choices = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        parser = choices[0].choices[word]
    return parser


def line_of(action):
    """One option as a line, or None for what nobody can type."""
    spellings = [text for text in action.option_strings if not text.startswith("--_") and text != "--cmd"]
    if not spellings:
        return None
    spellings.sort(key=lambda text: (text.startswith("--"), text))
    arity = {None: "1", 0: "0"}.get(action.nargs, str(action.nargs))
    parts = [*spellings, arity]
    if action.required:
        parts.append("required")
    if action.type is int:
        parts.append("int")
    if action.choices and arity != "0":
        parts += ["one-of", *[str(choice) for choice in action.choices]]
    return " ".join(parts)


def main():
    """Prints all commands."""
    tables = {}
    for command in sys.argv[1:]:
        lines = [line_of(action) for action in parser_of(command)._actions]
        tables[command] = [line for line in lines if line]
    common = set.intersection(*(set(lines) for lines in tables.values()))
    first = next(iter(tables.values()))
    print("*")
    for line in first:
        if line in common:
            print("    " + line)
    for command, lines in tables.items():
        print(command)
        for line in lines:
            if line not in common:
                print("    " + line)


if __name__ == "__main__":
    main()
