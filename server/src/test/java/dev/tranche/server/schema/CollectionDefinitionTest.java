package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions as values, and as the text that is stored. */
class CollectionDefinitionTest {
    private static final ConstraintDefinition ODD =
            new ConstraintDefinition("odd", List.of(",\"schema\":", "a.b", "é\\"));

    @Test
    void isEqualByValue() throws InvalidJsonException {
        CollectionDefinition one = definition("{\"type\":\"object\",\"maxProperties\":1}", ODD);
        CollectionDefinition other =
                definition("{ \"maxProperties\":1.0,\"type\":\"object\"}", ODD);
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one).isNotEqualTo(definition("{}", ODD));
        assertThat(one)
                .isNotEqualTo(new CollectionDefinition(one.schema(), List.of(), List.of(), false));
    }

    @Test
    void readsBackWhatIsStoredByteForByte() throws InvalidJsonException {
        String schema = " { \"type\" : \"object\",\n\"const\":{\"x\":\",\\\"schema\\\":\"} } ";
        CollectionDefinition definition = definition(schema, ODD);
        CollectionDefinition read = CollectionDefinition.fromJson(definition.toJson());
        assertThat(read).isEqualTo(definition);
        assertThat(read.toJson()).isEqualTo(definition.toJson()).contains(schema);
        assertThat(read.hash()).isEqualTo(definition.hash()).hasSize(32);
    }

    @Test
    void storesJsonAlsoWithoutSchemaOrConstraints() throws InvalidJsonException {
        CollectionDefinition empty = new CollectionDefinition(null, List.of(), List.of(), false);
        assertThat(empty.toJson()).isEqualTo("{\"unique_constraints\":[]}");
        assertThat(CollectionDefinition.fromJson(empty.toJson())).isEqualTo(empty);
        assertThat(Json.parse(definition("true", ODD).toJson()).isObject()).isTrue();
    }

    @Test
    void takesASchemaOfThirtyLevelsThoughItIsStoredOneDeeper() throws InvalidJsonException {
        String schema = "{\"not\":".repeat(29) + "{}" + "}".repeat(29);
        CollectionDefinition definition = definition(schema);
        assertThat(CollectionDefinition.fromJson(definition.toJson())).isEqualTo(definition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"unique_constraints\":[],\"more\":1}",
                "{\"unique_constraints\":[] }",
                "{\"unique_constraints\":[{}]}",
                "{\"unique_constraints\":[],\"schema\":{}",
                "{\"unique_constraints\":[],\"schema\":}"
            })
    void refusesTextThatIsNoStoredDefinition(String text) {
        assertThatThrownBy(() -> CollectionDefinition.fromJson(text))
                .isInstanceOf(InvalidJsonException.class);
    }

    private static CollectionDefinition definition(
            String schema, ConstraintDefinition... constraints) throws InvalidJsonException {
        return new CollectionDefinition(Json.parse(schema), List.of(constraints), List.of(), false);
    }
}
