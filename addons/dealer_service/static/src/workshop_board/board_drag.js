const THRESHOLD = 5;
const EDGE = 40;

/**
 * Dragging with mouse, pen or finger, by pointer events.
 *
 * Calls `onMove(event)` once the pointer has left its place, then `onDrop(event)`, or
 * `onCancel()` when the browser or the Escape key takes the drag away.
 *
 * @param {PointerEvent} down
 * @param {Object} handlers
 * @param {HTMLElement} [handlers.scroller] scrolled when the pointer nears its edge
 */
export function startDrag(down, { onMove, onDrop, onCancel, scroller }) {
    let dragging = false;
    const isOurs = (event) => event.pointerId === down.pointerId;

    function move(event) {
        if (!isOurs(event)) {
            return;
        }
        const distance = Math.hypot(
            event.clientX - down.clientX,
            event.clientY - down.clientY,
        );
        if (!dragging && distance < THRESHOLD) {
            return;
        }
        dragging = true;
        event.preventDefault();
        scrollNearEdge(scroller, event);
        onMove(event);
    }

    function up(event) {
        if (isOurs(event)) {
            stop();
            if (dragging) {
                swallowClick();
                onDrop(event);
            }
        }
    }

    function cancel(event) {
        if (event.type !== "keydown" || event.key === "Escape") {
            stop();
            if (dragging) {
                event.stopPropagation();
                onCancel();
            }
        }
    }

    const listeners = [
        ["pointermove", move],
        ["pointerup", up],
        ["pointercancel", cancel],
        ["keydown", cancel],
    ];
    function stop() {
        for (const [type, listener] of listeners) {
            window.removeEventListener(type, listener, { capture: true });
        }
    }
    for (const [type, listener] of listeners) {
        window.addEventListener(type, listener, { capture: true });
    }
    return stop;
}

/** The click that follows a drop is no click. */
function swallowClick() {
    const swallow = (event) => {
        event.stopPropagation();
        event.preventDefault();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
}

function scrollNearEdge(element, { clientX, clientY }) {
    if (!element) {
        return;
    }
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const near = (before, after, at) =>
        at < before + EDGE && at > before
            ? -1
            : at > after - EDGE && at < after
              ? 1
              : 0;
    element.scrollBy(near(left, right, clientX) * 12, near(top, bottom, clientY) * 12);
}
