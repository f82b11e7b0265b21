"""A real SMTP server in a thread of the tests, which can be told to misbehave."""

import asyncio
import threading
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP


class Mailbox:
    """Keeps what it takes. By the first part of an address: dead (550), busy (451), gone (takes

    the text and breaks the connection before it says so, once for each message).
    """

    def __init__(self, pause_s=0):
        self.pause_s, self.raw, self.broke = pause_s, [], set()
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
        await asyncio.to_thread(self.before_text)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        address = envelope.rcpt_tos[0]
        if address.startswith("gone.") and address not in self.broke:
            self.broke.add(address)
            server.transport.abort()
            return "250 nobody hears this"
        await asyncio.to_thread(self.after_text)
        await asyncio.sleep(self.pause_s)
        return "250 OK"

    def __enter__(self):
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._in_loop(self._listen())
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def _listen(self):
        return await self.loop.create_server(lambda: SMTP(self, loop=self.loop), "127.0.0.1", 0)

    def _in_loop(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def __exit__(self, *error):
        self.server.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
