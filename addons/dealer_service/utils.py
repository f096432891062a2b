"""Keys that open the guarded writes.

A context key whose value must be *this object* cannot come from a remote
caller: contexts of XML-RPC, JSON-2 and the web client only hold plain data.
"""

# Sale lines of a repair order are written by its jobs only.
JOB_SYNC = object()
# States, times and revisions are written by the actions only.
TRANSITION = object()


def join_sentences(sentences):
    """Join sentences into the lines of one message."""
    return "\n".join(sentences)
