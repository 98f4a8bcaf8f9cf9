using Countersign.AspNetCore;
using CountersignApi;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite(builder.Configuration.GetConnectionString("App")));
builder.Services.Configure<IdentityOptions>(o => o.UseCountersignDefaults());   // long passwords, not complicated ones
builder.Services.AddCountersign<AppUser, AppDbContext>(o => o.Registration = Registration.Open);
builder.Services.AddValidation();
builder.Services.AddOpenApi(o => o.AddCountersign());
builder.Services.AddHealthChecks().AddCountersign();

var app = builder.Build();
await app.PrepareDatabaseAsync();
if (args is ["add-role", var email, var role])
{
    return await app.AddRoleAsync(email, role);
}

app.MapCountersign();
app.MapTodos();
if (app.Environment.IsDevelopment())
{
    app.MapOpenApi();
}

app.MapHealthChecks("/health");
await app.RunAsync();
return 0;
