"""A relay that stands between a member and the coordinator and keeps a copy of what crosses the wire."""
import os
import re
import socket
import threading


class Relay:
    def __init__(self, target_port):
        self.target = ("127.0.0.1", target_port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sent, self.received = [], []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            for source, sink, copy in ((near, far, self.sent), (far, near, self.received)):
                pieces = []
                copy.append(pieces)
                threading.Thread(target=self.pump, args=(source, sink, pieces), daemon=True).start()

    @staticmethod
    def pump(source, sink, pieces):
        try:
            while data := source.recv(1 << 16):
                pieces.append(data)
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.listener.close()

    def bytes_sent(self):
        return [b"".join(pieces) for pieces in self.sent]


def connections(pid):
    """Remote ports of the TCP connections that a process has opened or accepted, from /proc."""
    inodes = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            match = re.match(r"socket:\[(\d+)\]", os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
        if match:
            inodes.add(match.group(1))
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/{pid}/net/{table}") as file:
            for line in list(file)[1:]:
                fields = line.split()
                if fields[9] in inodes:
                    local, remote = (int(fields[i].rsplit(":", 1)[1], 16) for i in (1, 2))
                    found.append((table, local, remote))
    return found
