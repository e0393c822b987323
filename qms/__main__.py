"""The ``qms`` command."""

from qms.app import command_app
from qms.cli import Program

main = Program(
    name="qms",
    create_app=command_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="Hiện Hành: document control for public offices.",
)

if __name__ == "__main__":
    main()
