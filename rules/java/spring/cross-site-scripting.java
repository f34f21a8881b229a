@RestController
class Greetings {
    @GetMapping("/one")
    public String one(@RequestParam String name) {
        // ruleid: java.spring.cross-site-scripting
        return "<p>Hello " + name + "</p>";
    }
    @GetMapping("/two")
    public String two(@RequestParam("name") String name) {
        // ruleid: java.spring.cross-site-scripting
        return name;
    }
    @PostMapping("/three")
    public String three(@RequestBody String name) {
        String text = String.format("<p>%s</p>", name);
        // ruleid: java.spring.cross-site-scripting
        return text;
    }
    @GetMapping("/four")
    public String four(@RequestParam String name) {
        // ok: java.spring.cross-site-scripting
        return "<p>Hello " + HtmlUtils.htmlEscape(name) + "</p>";
    }
    @GetMapping("/five")
    public Person five(@RequestParam String name) {
        // ok: java.spring.cross-site-scripting
        return new Person(name);
    }
    @GetMapping("/six")
    public String six(@RequestParam int count) {
        // ok: java.spring.cross-site-scripting
        return "<p>" + count + "</p>";
    }
}
