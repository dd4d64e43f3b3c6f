package dev.tranche.bench;

import dev.tranche.bench.Loader.Item;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The hand-written way to insert: a {@link Loader} a client, each with a connection. */
final class Loaders implements Contender {
    private final BenchDatabase database;
    private final Load load;
    private final List<Loader> loaders = new ArrayList<>();
    private final List<List<Item>> items = new ArrayList<>();

    private Loaders(BenchDatabase database, Load load) {
        this.database = database;
        this.load = load;
    }

    static Loaders of(Stage stage, Load load) throws SQLException {
        Loaders loaders = new Loaders(stage.database(), load);
        for (int client = 0; client < load.clients(); client++) {
            loaders.items.add(load.items(client));
            loaders.loaders.add(Loader.into(stage.database(), load.collection()));
        }
        return loaders;
    }

    @Override
    public String name() {
        return load.clients() == 1 ? "loader" : load.clients() + " loaders";
    }

    @Override
    public void prepare() throws SQLException {
        load.prepare(database);
    }

    @Override
    public Work run() throws Exception {
        List<Callable<Work>> parts = new ArrayList<>();
        for (int client = 0; client < loaders.size(); client++) {
            Loader loader = loaders.get(client);
            List<Item> mine = items.get(client);
            parts.add(() -> {
                loader.load(mine);
                return Work.of(mine.size());
            });
        }
        return Crew.atOnce(parts);
    }

    @Override
    public void close() throws SQLException {
        for (Loader loader : loaders) {
            loader.close();
        }
    }
}
