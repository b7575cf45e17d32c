// Nothing to call: this target takes the place of libgit2's network code in an executable that is linked to its archive.
