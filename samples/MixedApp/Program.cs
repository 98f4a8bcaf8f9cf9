using Countersign.AspNetCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MixedApp;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite(builder.Configuration.GetConnectionString("App") ?? "Data Source=app.db"));

// The app as it was: Identity's cookie is the default scheme, and signs people in on the app's own pages.
builder.Services.AddIdentity<AppUser, IdentityRole>(o => o.UseCountersignDefaults()).AddEntityFrameworkStores<AppDbContext>();
builder.Services.AddControllers();
builder.Services.AddRazorPages();
builder.Services.AddSignalR();

// What is new: tokens for the app's other clients.
builder.Services.AddCountersign<AppUser, AppDbContext>(o =>
{
    o.Registration = Registration.Open;
    o.UseAsDefaultScheme();
    o.QueryTokenPaths.Add("/hubs/chat");
});

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();   // an app in production has migrations
}

app.MapCountersign();
app.MapControllers();
app.MapRazorPages();
app.MapHub<ChatHub>("/hubs/chat", o => o.CloseOnAuthenticationExpiration = true);
app.MapPost("/cookie", async (CookieLogin login, SignInManager<AppUser> signIn) =>
    (await signIn.PasswordSignInAsync(login.Email, login.Password, isPersistent: false, lockoutOnFailure: true)).Succeeded
        ? Results.NoContent()
        : Results.Unauthorized());
app.Run();
