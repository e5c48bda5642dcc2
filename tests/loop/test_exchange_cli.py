"""`chat-server export` while a server runs, and `import` into another folder."""

import json
from contextlib import closing
from pathlib import Path

from tests.loop.data_place import Place
from tests.loop.serving import Caller


def test_a_room_moves_from_one_server_to_another(
    place: Place, elsewhere: Place, tmp_path: Path
) -> None:
    with closing(Caller(place.start()).register("ann")) as ann:
        ann.send("CREATE trail", "PRIVMSG #trail :good morning", "PING said")
        ann.until("said")
        file = tmp_path / "trail.jsonl"
        status, text = place.run("export", "--room", "trail", str(file))
    assert (status, text) == (0, f"{file} holds 3 entries\n")
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[0])["room"] == "#trail"
    assert place.run("export", "--room", "trail", str(file)) == (
        1,
        f"chat-server: {file} exists already: choose another name\n",
    )
    assert place.run("export", "--room", "nowhere", str(file))[0] == 1
    assert place.run("import", str(file))[0] == 1  # a server is running

    status, text = elsewhere.run("import", str(file))
    assert (status, text) == (0, "#trail: 1 messages and other numbered events\n")
    status, text = elsewhere.run("import", str(file))
    assert status == 1
    assert "--prefix old-" in text
    assert elsewhere.run("import", "--prefix", "old-", str(file))[0] == 0
    assert elsewhere.run("check")[0] == 0
    with closing(Caller(elsewhere.start()).register("bob")) as bob:
        bob.send("JOIN #old-trail", "PING in")
        assert any("good morning" in line for line in bob.until("in"))


def test_a_folder_of_logs(elsewhere: Place, tmp_path: Path) -> None:
    folder = tmp_path / "irclogs" / "net"
    folder.mkdir(parents=True)
    day = "--- Log opened Sat Nov 21 23:58:00 2026\n"
    (folder / "#hills.log").write_text(f"{day}23:59 <ann> hello\n", encoding="utf-8")
    (folder / "#lakes.log").write_text(f"{day}23:59 <ann> hello\nwhat?\n", encoding="utf-8")
    status, text = elsewhere.run("import", str(folder.parent))
    assert status == 1
    assert f"{folder}/#lakes.log, line 3: " in text
    (folder / "#lakes.log").write_text(f"{day}23:59 <ann> hello\n", encoding="utf-8")
    (folder / "bob.log").write_text(f"{day}23:59 <bob> psst\n", encoding="utf-8")
    status, text = elsewhere.run("import", str(folder.parent))
    assert status == 0
    assert text.splitlines() == [
        *(f"#{name}: 1 messages and other numbered events" for name in ("hills", "lakes")),
        f"{folder}/bob.log is left out: its name holds no room",
    ]
    assert elsewhere.run("import", str(tmp_path / "nothing"))[0] == 1
    (tmp_path / "empty").mkdir()
    status, text = elsewhere.run("import", str(tmp_path / "empty"))
    assert ".weechatlog or .log" in text
