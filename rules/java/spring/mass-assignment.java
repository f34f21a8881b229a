class Users {
    @PostMapping("/users")
    User create(@RequestBody User user) {
        // ruleid: java.spring.mass-assignment
        return userRepository.save(user);
    }
    @PostMapping("/forms")
    String form(@ModelAttribute User user) {
        // ruleid: java.spring.mass-assignment
        userRepository.save(user);
        return "done";
    }
    @PutMapping("/users")
    User change(@RequestBody User user) {
        // ruleid: java.spring.mass-assignment
        this.userDao.save(user);
        return user;
    }
    @PostMapping("/people")
    User sound(@RequestBody UserForm form) {
        User user = new User();
        user.setName(form.getName());
        // ok: java.spring.mass-assignment
        return userRepository.save(user);
    }
    void job(User user) {
        // ok: java.spring.mass-assignment
        userRepository.save(user);
    }
    @PostMapping("/mail")
    void mail(@RequestBody Mail mail) {
        // ok: java.spring.mass-assignment
        outbox.save(mail);
    }
}
