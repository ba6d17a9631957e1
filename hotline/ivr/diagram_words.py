"""What is written around the drawings of the flows?"""

INTRODUCTION = """\
<!-- Drawn by `make diagram` from hotline/ivr/flows/main_v1.py; a test fails while this page is stale. -->
# What happens in a call

Every call runs through a table of nodes, and these pictures are drawn from that table, with the keys of
{source}. A node is one moment: something is said, we listen, and the next key, or
silence, leads on.

How to read them:

- Blue is the greeting; green is the hold: somebody waits; yellow is a conversation; violet is the staff door,
  whose ends lead on to the caller's flow; grey ends the leg.
- A thick arrow starts the ringing, if no phone rings yet. A dotted arrow needs no key: it is silence, or the
  live call, which leads where no key does (into the room when a responder accepts, back when one is lost).
- The keys of the menu work at every node with double sides, and are drawn once. Where such a node gives a
  digit another meaning, that arrow starts at the node itself.
- The tables name the words; the words themselves are in `hotline/ivr/wording/`, one file per language.

What `hotline check` proves of these tables each time: no way out is missing; silence leads from every node
into the hold, with phones ringing; a key never ends a call; every digit works where it is spoken; every
prompt is there in every language, and short enough; nobody whose phone others may see is offered a call-back.
"""
CALLER = """\
## The caller

Silence alone is enough: greeting, menu, hold, and a person. A key rings at once. Violence, minors and whoever
cannot speak wait in the quiet hold, where any key is an answer: whatever leads to the hold leads them there.
`1 1 2` works at any moment.
"""
QUESTION = """\
### The question

When everybody was tried, the caller is asked whether we may call back, while the phones ring again. Only the
key for a call-back, pressed twice, is a yes; every other key and silence are a no. A key of the menu still
means what it means everywhere.
"""
RESPONDER = """\
## The responder

A phone rings, and whoever answers hears who waits and two keys. Only a key accepts: a voicemail never does.
Social workers and coordinators get more time, because they may be driving.
"""
NOTICE = """\
## An alarm

When something is owed to a caller, a member of staff is called and takes it by a key; another key calls the
person back on the same leg, and afterwards a key says how it went.
"""
STAFF = """\
## The staff door

A member of staff who dials the line from their own number is a caller like any other. `*` asks for the PIN;
three wrong ones close the door for a quarter of an hour. Whoever does not get in is a caller: phones ring.
Who was rung and did not answer hears what became of that call, or is offered it on this very leg.
"""
COVER = """\
## Somebody cannot

Who is off shift is asked whether they take the rest of a shift; the first key takes it. The social worker and
the coordinator only have to know. Whoever can receive texts gets a text instead.
"""
PRESENCE = """\
## Are you there?

Who is called about a shift confirms it ahead, says that they are there once it has begun, or that they
cannot. At the beginning of each night the social worker's phone rings. Whoever can receive texts, and has not
chosen calls, is asked ahead by text.
"""
HANDOVER = """\
## The hand-over

A colleague who comes on duty, or goes, wants to talk: a key brings the two together, and nobody else; nothing
is recorded. In the morning a coordinator who gets no texts hears five numbers, and confirms them by a key.
"""
TELLING = """\
## Told about the rota

Whose shifts change, and the coordinators about a gap.
"""
