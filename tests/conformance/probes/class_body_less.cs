// ruleid: class_body_less
public interface IOne
{
    int Go();
}
public class Two
{
    int Go() { return 1; }
}
