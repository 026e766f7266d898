"""A server's log that a test writes, and rotates as logrotate does."""
import os
import shutil
import time

STATEMENTS = ["SELECT * FROM orders WHERE id = {}", "UPDATE stock SET quantity = {} WHERE product_id = 7",
              "SELECT count(*) FROM customers WHERE city = 'c{}'"]


class GrowingLog:
    def __init__(self, path):
        self.path = str(path)
        self.written = 0
        self.text = ""  # All that was ever written.
        self.file = open(self.path, "a", encoding="utf-8")

    def write(self, count):
        """Logs so many statements of a millisecond and more."""
        for _ in range(count):
            second, n = divmod(self.written, 50)
            statement = STATEMENTS[n % len(STATEMENTS)].format(self.written)
            line = (f"2026-03-01 10:{second // 60:02}:{second % 60:02}.{n * 20:03} UTC [{100 + n % 7}] app@shop/web LOG:  "
                    f"duration: {1 + n / 10:.3f} ms  statement: {statement}\n")
            self.file.write(line)
            self.text += line
            self.written += 1
        self.file.flush()

    def rename(self, pause=0.0):
        """By renaming: the server writes on into the renamed file until it is told to open its log anew."""
        os.rename(self.path, f"{self.path}.{self.written}")
        time.sleep(pause)
        self.write(3)
        self.file.close()
        self.file = open(self.path, "a", encoding="utf-8")

    def copy_and_truncate(self):
        shutil.copy(self.path, f"{self.path}.{self.written}")
        self.file.truncate(0)


def wait_until(what, seconds, *, told):
    """Calls what() until it gives something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = what()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s not yet: {told}")
