"""What was written outlasts a power cut, where the system can promise that."""

from tidu.bulk import syncing


def test_a_folder_that_is_there_is_synced(tmp_path):
    with (tmp_path / "one").open("wb") as file:
        file.write(b"1")
        syncing.sync(file)
        assert (tmp_path / "one").read_bytes() == b"1"

    syncing.sync_folder(tmp_path)


def test_a_system_that_syncs_no_folders_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(syncing, "_POSIX", False)

    syncing.sync_folder(tmp_path / "not there")  # does not even open it
