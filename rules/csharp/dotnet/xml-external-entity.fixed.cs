class Sample
{
    void Flawed(XmlReaderSettings settings, XmlDocument document)
    {
        // ruleid: csharp.dotnet.xml-external-entity
        settings.DtdProcessing = DtdProcessing.Prohibit;
        // ruleid: csharp.dotnet.xml-external-entity
        document.XmlResolver = new XmlUrlResolver();
        // ruleid: csharp.dotnet.xml-external-entity
        settings.ProhibitDtd = false;
    }

    void Sound(XmlReaderSettings settings, XmlDocument document)
    {
        // ok: csharp.dotnet.xml-external-entity
        settings.DtdProcessing = DtdProcessing.Prohibit;
        // ok: csharp.dotnet.xml-external-entity
        document.XmlResolver = null;
        // ok: csharp.dotnet.xml-external-entity
        settings.ProhibitDtd = true;
    }
}
