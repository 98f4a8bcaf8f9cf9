using System.Security.Claims;
using Countersign.Bearer;

// Compiled ahead of time and run by a test, beside a server whose tokens it accepts. The address of the server is in the configuration.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddCountersignBearer();
builder.Services.AddAuthorization();

var app = builder.Build();
app.MapGet("/hello", (ClaimsPrincipal user) => $"Hello, {user.Identity!.Name}").RequireAuthorization();
app.MapGet("/admin", () => "Hello, admin").RequireAuthorization(policy => policy.RequireRole("admin"));
app.Run();
