"""Styles and scripts, served by WhiteNoise, which looks at a file when it is first asked for.

By itself it looks at all of them when a process starts: 900 collected files and their headers were
a twentieth of the start, and a page asks for ten.
"""

import os

from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    def add_files(self, root, prefix=None):
        self.directories.append((os.path.join(os.path.abspath(root), ""), prefix))

    def add_files_from_finders(self):
        """Nothing to do: `find_file` asks the finders."""

    def __call__(self, request):
        url = request.path_info
        if not url.startswith(self.static_prefix):
            return self.get_response(request)
        file = self.files.get(url)
        if file is None:
            file = self.find_file(url)
            if file is None:
                return self.get_response(request)
            if not self.autorefresh:
                self.files[url] = file
        return self.serve(file, request)
