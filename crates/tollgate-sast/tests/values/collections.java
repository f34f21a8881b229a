class Collections {
    void keys() {
        HashMap<String, Object> map = new HashMap<String, Object>();
        map.put("a", "safe");
        map.put("b", source());
        sink((String) map.get("a"));
        // ruleid: collections
        sink((String) map.get("b"));
        // ruleid: collections
        sink(map.values());
        // ruleid: collections
        sink(map.toString());
    }

    void positions() {
        List<String> list = new ArrayList<String>();
        list.add("safe");
        list.add(source());
        list.add("safe too");
        list.remove(0);
        // ruleid: collections
        sink(list.get(0));
        sink(list.get(1));
        // ruleid: collections
        sink(list.stream());
    }

    void arrays() {
        Object[] values = {"safe", source()};
        sink(values[0]);
        // ruleid: collections
        sink(values[1]);
        Object[] made = new Object[] {"safe", source()};
        sink(made[0]);
        // ruleid: collections
        sink(String.format("%s", made));
        String[] sized = new String[2];
        sized[0] = source();
        sink(sized[1]);
        // ruleid: collections
        sink(sized[0]);
    }
}
