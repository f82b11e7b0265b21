"""Which files of the browser's packages are served."""

from django.contrib.staticfiles.finders import FileSystemFinder

UNUSED = [
    "echarts.[!m]*",
    "extension",
    "package.json",
]  # 50 MB of other builds beside the one that pages load


class UsedFiles(FileSystemFinder):
    """The folders of STATICFILES_DIRS without what no page asks for."""

    def list(self, ignore_patterns):
        return super().list([*(ignore_patterns or ()), *UNUSED])
