package dev.tranche.server.store;

import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.AutoMappingBehavior;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.LocalCacheScope;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.managed.ManagedTransactionFactory;

/** What MyBatis is told. It maps rows and sends statements; transactions and connections are ours. */
final class Mappings {
    private static final List<Class<?>> MAPPERS =
            List.of(
                    SessionMapper.class,
                    WorkspaceMapper.class,
                    CollectionMapper.class,
                    CollectionConstraintMapper.class,
                    CollectionReferenceMapper.class,
                    RecordMapper.class,
                    RecordKeyMapper.class,
                    RecordTombstoneMapper.class,
                    RecordReferenceMapper.class,
                    RelationshipMapper.class,
                    BatchMapper.class,
                    BatchResultMapper.class,
                    BatchFailureMapper.class,
                    RemainsMapper.class);

    /** Reads all statements when this class is first used, which takes a while. */
    private static final SqlSessionFactory FACTORY = read();

    private Mappings() {}

    /** Makes sessions over connections that it is given. */
    static SqlSessionFactory factory() {
        return FACTORY;
    }

    private static SqlSessionFactory read() {
        ManagedTransactionFactory transactions = new ManagedTransactionFactory();
        Properties properties = new Properties();
        properties.setProperty("closeConnection", "false");
        transactions.setProperties(properties);
        DataSource never = new UnpooledDataSource();
        Configuration configuration =
                new LeanConfiguration(new Environment("tranche", transactions, never));
        configuration.setLocalCacheScope(LocalCacheScope.STATEMENT);
        configuration.setCacheEnabled(false);
        configuration.setAutoMappingBehavior(AutoMappingBehavior.NONE);
        MAPPERS.forEach(configuration::addMapper);
        return new SqlSessionFactoryBuilder().build(configuration);
    }
}
