using System.Security.Claims;
using Countersign.Bearer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCountersignBearer(o => o.Authority = "http://127.0.0.1:5080");   // the issuer: https beyond this machine

var app = builder.Build();
app.MapGet("/hello", (ClaimsPrincipal user) => $"Hello, {user.Identity!.Name}").RequireAuthorization();
app.MapGet("/admin", () => "Hello, admin").RequireAuthorization(policy => policy.RequireRole("admin"));
app.Run();
