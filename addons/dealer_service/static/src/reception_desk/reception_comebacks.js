import { useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

// Milliseconds of silence after which the customer's words are compared.
const TYPING_PAUSE = 400;
// Less than two characters name no fault.
const LEAST_WORDS = 2;

/**
 * Tell, while the customer's words are typed, which earlier job the car may come back
 * for. Nobody waits for it, and a look-up that fails leaves the desk as it is.
 *
 * @param {Number} vehicleId
 * @param {Function} getWords returns what is typed so far
 */
export function useComebacks(vehicleId, getWords) {
    const orm = useService("orm");
    const keepLast = new KeepLast();
    const state = useState({ found: [], chosen: {} });

    async function look() {
        const words = getWords();
        let found = [];
        if (words.length >= LEAST_WORDS) {
            try {
                found = await keepLast.add(
                    orm.silent.call("dealer.vehicle", "find_comebacks", [
                        [vehicleId],
                        words,
                    ]),
                );
            } catch {
                return;
            }
        }
        // What was taken stays, whatever is typed on.
        const ids = new Set(found.map((line) => line.guarantee_id));
        const kept = state.found.filter(
            ({ guarantee_id: id }) => state.chosen[id] && !ids.has(id),
        );
        state.found = [...kept, ...found];
    }

    return {
        state,
        look,
        lookSoon: useDebounced(look, TYPING_PAUSE),
        toggle(id) {
            state.chosen[id] = !state.chosen[id];
        },
        get chosenIds() {
            const ids = state.found.map((line) => line.guarantee_id);
            return ids.filter((id) => state.chosen[id]);
        },
    };
}
