using System;
using System.Net.Http;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.server-side-request-forgery
        client.GetAsync(name);
        // ruleid: csharp.aspnet.server-side-request-forgery
        client.GetStringAsync($"http://{name}");
        // ruleid: csharp.aspnet.server-side-request-forgery
        WebRequest.Create("http://" + name);
        // ok: csharp.aspnet.server-side-request-forgery
        client.GetAsync("https://api.example.org/");
        // ok: csharp.aspnet.server-side-request-forgery
        client.PostAsync("https://api.example.org/", new StringContent(name));
        // ok: csharp.aspnet.server-side-request-forgery
        client.GetStringAsync("https://api.example.org/item/" + int.Parse(name));
    }
}
