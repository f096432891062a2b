"""Keys that open the guarded writes.

A context key whose value must be *this object* cannot come from a remote
caller: contexts of XML-RPC, JSON-2 and the web client only hold plain data.
"""

# Sale lines of a repair order are written by its jobs only.
JOB_SYNC = object()
# States, times and revisions are written by the actions only.
TRANSITION = object()
# Sheets are created with their visit only.
VISIT = object()


def as_step(records):
    """Return records whose guarded fields a step of ours may write.

    :param records: any records
    """
    return records.with_context(dealer_transition=TRANSITION)


def is_step(records):
    """Tell whether a step of ours writes, see `as_step`.

    :param records: any records or model
    """
    return records.env.context.get("dealer_transition") is TRANSITION


def join_sentences(sentences):
    """Join sentences into the lines of one message."""
    return "\n".join(sentences)


def drop_defaults(records, names):
    """Return ``records`` without the context's defaults for some fields.

    A caller may send ``default_<field>`` for a field that it may not write.

    :param records: any records or model
    :param names: names of the fields that keep their own defaults
    """
    unwanted = {f"default_{name}" for name in names} & set(records.env.context)
    if not unwanted:
        return records
    context = {k: v for k, v in records.env.context.items() if k not in unwanted}
    return records.with_env(records.env(context=context))
