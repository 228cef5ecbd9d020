package dev.orkestra.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A JSON list. It is a CEL value as well as a Java list, since the library copies every plain list each time that a
 * variable is named.
 */
@SuppressWarnings("Immutable") // the JSON does not change
final class ListView extends CelValue implements List<Object>, RandomAccess {
    private final List<Object> items;

    ListView(JsonNode list, CelShape item) {
        this.items = new AbstractList<>() {
            @Override
            public Object get(int index) {
                return Values.of(list.get(index), item);
            }

            @Override
            public int size() {
                return list.size();
            }
        };
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return items.isEmpty();
    }

    @Override
    public CelType celType() {
        return ListType.create(SimpleType.DYN);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public boolean isEmpty() {
        return items.isEmpty();
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public boolean contains(@Nullable Object item) {
        return items.contains(item);
    }

    @Override
    public int indexOf(@Nullable Object item) {
        return items.indexOf(item);
    }

    @Override
    public int lastIndexOf(@Nullable Object item) {
        return items.lastIndexOf(item);
    }

    @Override
    public boolean containsAll(Collection<?> others) {
        return items.containsAll(others);
    }

    @Override
    public Iterator<Object> iterator() {
        return items.iterator();
    }

    @Override
    public ListIterator<Object> listIterator() {
        return items.listIterator();
    }

    @Override
    public ListIterator<Object> listIterator(int index) {
        return items.listIterator(index);
    }

    @Override
    public List<Object> subList(int from, int to) {
        return items.subList(from, to);
    }

    @Override
    public Object[] toArray() {
        return items.toArray();
    }

    @Override
    public <T extends @Nullable Object> T[] toArray(T[] array) {
        return items.toArray(array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return items.equals(other);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }

    @Override
    public boolean add(Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(int index, Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(Collection<?> others) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(int index, Collection<?> others) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(@Nullable Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object remove(int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean removeAll(Collection<?> others) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean retainAll(Collection<?> others) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object set(int index, Object item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }
}
