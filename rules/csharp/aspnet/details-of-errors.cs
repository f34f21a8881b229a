public class Startup
{
    public void Set(IApplicationBuilder app, IWebHostEnvironment env)
    {
        // ruleid: csharp.aspnet.details-of-errors
        app.UseDeveloperExceptionPage();
        // ruleid: csharp.aspnet.details-of-errors
        builder.UseDeveloperExceptionPage(options);
        if (env.IsProduction())
        {
            // ruleid: csharp.aspnet.details-of-errors
            app.UseDeveloperExceptionPage();
        }
        if (env.IsDevelopment())
        {
            // ok: csharp.aspnet.details-of-errors
            app.UseDeveloperExceptionPage();
        }
        // ok: csharp.aspnet.details-of-errors
        app.UseExceptionHandler("/Error");
        // ok: csharp.aspnet.details-of-errors
        app.UseHsts();
    }
}
