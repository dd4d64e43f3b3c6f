package dev.tranche.server.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.annotation.Annotation;
import com.networknt.schema.annotation.Annotations;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of a schema. Of the errors of a schema it keeps the first {@link #ERRORS_MAX}: a
 * large value can have hundreds of thousands. Errors and annotations take steps.
 */
final class Evaluation extends ExecutionContext {
    static final int ERRORS_MAX = 1_000;
    private static final int STEPS_PER_ERROR = 4;

    private @Nullable MeteredAnnotations annotations;

    Evaluation(ExecutionConfig config) {
        super(config);
    }

    @Override
    public void addError(Error error) {
        Work.spend(STEPS_PER_ERROR);
        if (getErrors().size() < ERRORS_MAX) {
            super.addError(error);
        }
    }

    /** Made when the first {@code unevaluated…} keyword asks. */
    @Override
    public Annotations getAnnotations() {
        if (annotations == null) {
            annotations = new MeteredAnnotations();
        }
        return annotations;
    }

    /** Whoever looks a place up goes through all of its annotations. */
    private static final class MeteredAnnotations extends Annotations {
        private final MeteredMap byPlace = new MeteredMap();

        @Override
        public Map<NodePath, List<Annotation>> asMap() {
            return byPlace;
        }

        @Override
        public void put(Annotation annotation) {
            byPlace.computeIfAbsent(annotation.getInstanceLocation(), none -> new ArrayList<>())
                    .add(annotation);
        }
    }

    private static final class MeteredMap extends LinkedHashMap<NodePath, List<Annotation>> {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable List<Annotation> get(@Nullable Object place) {
            List<Annotation> found = super.get(place);
            if (found != null) {
                Work.spend(found.size());
            }
            return found;
        }

        @Override
        public List<Annotation> getOrDefault(@Nullable Object place, List<Annotation> none) {
            List<Annotation> found = get(place);
            return found == null ? none : found;
        }
    }
}
