document.getElementById("console")!.textContent = "hello";
