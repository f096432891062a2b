import { onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const NOTICE = "dealer_service/workshop_changed";
// What is in hand comes first, then what is next by the plan.
const RANKS = { in_progress: 1, paused: 2, rework: 2 };

/** Sort key of a card: my running clock, my open work, my plan, free jobs. */
function getRank({ data }) {
    if (data.my_clock_start) {
        return 0;
    }
    const isMine = data.technician_user_id?.id === user.userId;
    return (isMine ? 0 : 10) + (RANKS[data.state] || 5);
}

export class MyJobsRenderer extends KanbanRenderer {
    static template = "dealer_service.MyJobsRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.figures = useState({ today: null, month: null });
        onWillStart(() => this.loadFigures());
    }

    async loadFigures() {
        const figures = await this.orm.silent.call(
            "dealer.technician.report",
            "get_my_figures",
            [],
        );
        Object.assign(this.figures, figures);
    }

    /** The list keeps its own order; the server cannot sort by whose clock runs. */
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        if (this.props.list.isGrouped) {
            return items;
        }
        return items
            .map((item, index) => ({ ...item, rank: getRank(item.record), index }))
            .sort((a, b) => a.rank - b.rank || a.index - b.index);
    }
}

export class MyJobsController extends KanbanController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const reload = useDebounced(() => this.model.load(), 800);
        const channel = `dealer_workshop_${user.activeCompany.id}`;
        bus.addChannel(channel);
        bus.subscribe(NOTICE, reload);
        onWillUnmount(() => {
            bus.unsubscribe(NOTICE, reload);
            bus.deleteChannel(channel);
        });
    }
}

registry.category("views").add("dealer_my_jobs", {
    ...kanbanView,
    Controller: MyJobsController,
    Renderer: MyJobsRenderer,
});
