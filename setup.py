"""What pyproject.toml cannot say: the built package has uPlot, where npm has put it; nothing is fetched here."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

UPLOT = Path(__file__).parent / "node_modules" / "uplot"
FILES = (UPLOT / "dist" / "uPlot.iife.min.js", UPLOT / "dist" / "uPlot.min.css", UPLOT / "LICENSE")


class BuildWithUplot(build_py):
    """Puts the three files beside the explorer; without them `modeflow explore` says what brings them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode or not all(file.is_file() for file in FILES):
            return
        folder = Path(self.build_lib, "modeflow", "typeset", "explorer", "uplot")
        self.mkpath(str(folder))
        for file in FILES:
            self.copy_file(str(file), str(folder / file.name))


setup(cmdclass={"build_py": BuildWithUplot})
