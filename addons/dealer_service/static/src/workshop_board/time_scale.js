import { deserializeDateTime } from "@web/core/l10n/dates";

const MINUTES = 60;
export const SNAP = 15;

/**
 * The time axis of the board: UTC strings of the server to places on one store day.
 */
export class TimeScale {
    /**
     * @param {string} start UTC
     * @param {string} stop UTC
     * @param {string} tz zone of the store
     */
    constructor(start, stop, tz) {
        this.tz = tz;
        this.start = this.parse(start);
        this.stop = this.parse(stop);
        this.minutes = this.stop.diff(this.start).as("minutes");
    }

    parse(text) {
        return deserializeDateTime(text).setZone(this.tz);
    }

    /** @returns {number} minutes from the beginning of the axis */
    toMinutes(time) {
        return time.diff(this.start).as("minutes");
    }

    fromMinutes(minutes) {
        return this.start.plus({ minutes });
    }

    snap(minutes) {
        return Math.round(minutes / SNAP) * SNAP;
    }

    /** @returns {number} percent of the axis */
    toPercent(time) {
        const percent = (this.toMinutes(time) / this.minutes) * 100;
        return Math.min(Math.max(percent, 0), 100);
    }

    /** Place of a period, cut at both ends of the axis. */
    toStyle(start, stop) {
        const left = this.toPercent(start);
        const width = this.toPercent(stop) - left;
        return `left:${left.toFixed(3)}%;width:${width.toFixed(3)}%`;
    }

    get hours() {
        const count = Math.ceil(this.minutes / MINUTES);
        return [...Array(count).keys()].map((hour) => ({
            label: this.start.plus({ hours: hour }).toFormat("HH:mm"),
            left: ((hour * MINUTES) / this.minutes) * 100,
        }));
    }

    /** Background of a row: what lies outside the opening hours is shaded. */
    getShading(opening) {
        const shade = "var(--wb-shade)";
        const stops = [];
        let last = 0;
        for (const [start, stop] of opening) {
            const from = this.toPercent(this.parse(start));
            const to = this.toPercent(this.parse(stop));
            stops.push(`${shade} ${last}% ${from}%`, `transparent ${from}% ${to}%`);
            last = to;
        }
        stops.push(`${shade} ${last}% 100%`);
        return `linear-gradient(90deg, ${stops.join(", ")})`;
    }
}
