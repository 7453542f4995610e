package dev.martlet.dialect;

import java.util.ArrayList;
import java.util.List;

/// A stream that becomes another one, event by event: what goes out depends only on what came in so far.
interface Fold {
    /// What goes out when this comes in; often one event, sometimes none.
    ///
    /// @throws Garbled if nothing can be made of it
    List<Event> next(Event event) throws Garbled;

    /// What is still owed when nothing more comes in: only ever the rest of what was said, never an end that was not reached.
    List<Event> end() throws Garbled;

    /// This one, and then another over what it made.
    default Fold then(Fold second) {
        Fold first = this;
        return new Fold() {
            @Override
            public List<Event> next(Event event) throws Garbled {
                return through(first.next(event));
            }

            @Override
            public List<Event> end() throws Garbled {
                List<Event> events = new ArrayList<>(through(first.end()));
                events.addAll(second.end());
                return events;
            }

            private List<Event> through(List<Event> events) throws Garbled {
                List<Event> all = new ArrayList<>();
                for (Event event : events) all.addAll(second.next(event));
                return all;
            }
        };
    }
}
