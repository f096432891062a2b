import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { day, dayOf, isPast, km, moment, money } from "./reception_format";

/** One car on one screen, and the repair order that begins here. */
export class ReceptionCard extends Component {
    static template = "dealer_service.ReceptionCard";
    static props = {
        card: Object,
        draft: Object,
        openVisit: Function,
        openRecord: Function,
        logVisit: Function,
    };

    setup() {
        this.orm = useService("orm");
        Object.assign(this, { day, dayOf, isPast, km, moment, money });
        const { owner } = this.props.card;
        this.state = useState({
            packages: [],
            concern: this.appointment?.concern || "",
            sender_name: this.appointment?.sender || owner.name || "",
            sender_phone: owner.phone || "",
            isBusy: false,
        });
        onWillUpdateProps(() => (this.state.isBusy = false));
    }

    get car() {
        return this.props.card.vehicle;
    }

    /** The appointment that the car keeps by coming now. */
    get appointment() {
        return this.props.card.appointments.find((line) => line.own && line.is_today);
    }

    get isHere() {
        return this.props.card.open_visits.length > 0;
    }

    get carDetails() {
        const { car } = this;
        return [car.model, car.color, car.energy].filter(Boolean).join(" · ");
    }

    get receiveLabel() {
        return this.appointment ? _t("Car has arrived") : _t("Receive the car");
    }

    get total() {
        const chosen = this.props.card.packages.filter((line) =>
            this.state.packages.includes(line.id),
        );
        return chosen.reduce((sum, line) => sum + (line.price || 0), 0);
    }

    toggle(id) {
        const { packages } = this.state;
        this.state.packages = packages.includes(id)
            ? packages.filter((other) => other !== id)
            : [...packages, id];
    }

    openLine(line) {
        if (line.id && line.own) {
            this.props.openVisit(line.id);
        }
    }

    /** Open the visit once, however often the button is pressed. */
    async receive() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const orderId = await this.orm.call("dealer.repair.order", "receive", [
                {
                    vehicle_id: this.car.id,
                    order_id: this.appointment?.id || false,
                    concern: this.state.concern.trim(),
                    sender_name: this.state.sender_name.trim(),
                    sender_phone: this.state.sender_phone.trim(),
                    package_ids: this.state.packages,
                },
            ]);
            await this.props.openVisit(orderId);
        } finally {
            this.state.isBusy = false;
        }
    }

    logVisit() {
        this.props.logVisit({
            vehicle_id: this.car.id,
            partner_id: this.props.card.owner.id || false,
            demand: this.state.concern.trim(),
        });
    }
}
