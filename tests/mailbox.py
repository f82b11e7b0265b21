"""A real SMTP server, and a real web hook, in a thread of the tests: both can misbehave."""

import asyncio
import json
import random
import threading
from collections import Counter
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP


class Mailbox:
    """Keeps what it takes. By the first part of an address: dead (550), busy (451), gone (takes

    the text and breaks the connection before it says so, once for each message). By chance:
    `refuse` is the share of tries that it answers with "not now", half of them before the text;
    `lose` the share that it takes and never answers. `answers` counts what it did by chance.
    """

    def __init__(self, pause_s=0, *, refuse=0, lose=0, seed=1):
        self.pause_s, self.raw, self.broke = pause_s, [], set()
        self.refuse, self.lose, self.chance = refuse, lose, random.Random(seed)
        self.answers = Counter()
        self.before_text = self.after_text = lambda: None
        self.loop = asyncio.new_event_loop()

    @property
    def messages(self):
        return [message_from_bytes(each, policy=policy.default) for each in self.raw]

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.messages]

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {"dead": "550 5.1.1 no such box", "busy": "451 4.3.0 later"}
        answer = answers.get(address.partition(".")[0])
        if answer:
            return answer
        if self._happens("refused", self.refuse / 2):
            return "451 4.3.0 not now"
        await asyncio.to_thread(self.before_text)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self._happens("refused", self.refuse / 2):
            return "451 4.3.0 not now"
        self.raw.append(envelope.content)
        address = envelope.rcpt_tos[0]
        breaks = address.startswith("gone.") and address not in self.broke
        if breaks or self._happens("unanswered", self.lose):
            self.broke.add(address)
            server.transport.abort()
            return "250 nobody hears this"
        await asyncio.to_thread(self.after_text)
        await asyncio.sleep(self.pause_s)
        return "250 OK"

    def _happens(self, what, share):
        found = self.chance.random() < share
        self.answers[what] += found
        return found

    def __enter__(self):
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._in_loop(self._listen())
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def _listen(self):
        # of what it is given aiosmtpd reads every property, for each connection
        hooks = SimpleNamespace(handle_RCPT=self.handle_RCPT, handle_DATA=self.handle_DATA)
        return await self.loop.create_server(lambda: SMTP(hooks, loop=self.loop), "127.0.0.1", 0)

    def _in_loop(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def __exit__(self, *error):
        self.server.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


class Hook:
    """A service that takes messages as JSON over HTTP and answers with `answer`."""

    def __init__(self):
        self.taken, self.answer = [], 200

    def __enter__(self):
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                hook.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.answer)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
