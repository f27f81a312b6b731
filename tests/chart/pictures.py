"""What a page in a browser shows."""

import base64

import numpy as np


def settle(page):
    """Wait until what was asked for is drawn."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 60))")


def pixels(page, canvas):
    """The canvas as an array of (height, width, 4)."""
    width, height, flat = page.evaluate(
        """(id) => {
          const from = document.getElementById(id);
          const copy = new OffscreenCanvas(from.width, from.height);
          const ctx = copy.getContext('2d', { willReadFrequently: true });
          ctx.drawImage(from, 0, 0);
          const { data } = ctx.getImageData(0, 0, copy.width, copy.height);
          const text = Array.from(data, (byte) => String.fromCharCode(byte)).join('');
          return [copy.width, copy.height, btoa(text)];
        }""",
        canvas,
    )
    return np.frombuffer(base64.b64decode(flat), np.uint8).reshape(height, width, 4)


def unnamed(page):
    """Controls that a reader of the screen's text could not name."""
    return page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, canvas[tabindex]')]
        .filter((e) => !e.hidden && !(e.getAttribute('aria-label') || e.textContent.trim()
          || e.labels?.length)).map((e) => e.outerHTML)"""
    )
