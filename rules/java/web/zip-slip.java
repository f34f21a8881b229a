import java.io.*;
import java.nio.file.*;
import java.util.zip.*;

class Unpack {
    void flawed(ZipInputStream in, Path folder, File base) throws IOException {
        ZipEntry entry = in.getNextEntry();
        // ruleid: java.web.zip-slip
        File file = new File(base, entry.getName());
        // ruleid: java.web.zip-slip
        Path path = folder.resolve(entry.getName());
        // ruleid: java.web.zip-slip
        FileOutputStream out = new FileOutputStream("out/" + entry.getName());
    }
    void sound(ZipInputStream in, Path folder, File base) throws IOException {
        ZipEntry entry = in.getNextEntry();
        // ok: java.web.zip-slip
        File file = new File(base, new File("fixed.txt").getName());
        // ok: java.web.zip-slip
        Path other = folder.resolve("list.txt");
        // ok: java.web.zip-slip
        File flat = new File(base, FilenameUtils.getName(entry.getName()));
        // ok: java.web.zip-slip
        System.out.println(entry.getName());
    }
    void checked(ZipInputStream in, Path folder) throws IOException {
        ZipEntry entry = in.getNextEntry();
        // ok: java.web.zip-slip
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
            throw new IOException("outside");
        }
    }
}
