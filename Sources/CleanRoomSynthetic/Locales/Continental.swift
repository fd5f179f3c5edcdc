extension LocaleData {
  static let deDE = LocaleData(
    first: """
      Anna Lukas Lena Jonas Marie Felix Sophie Paul Johanna Maximilian Clara Elias Frieda Anton Greta Emil Ida Jakob
      Katharina Moritz Hannah Konrad Jürgen Björn Käthe Günter Änne Jörg Birgit Holger Silke Detlef Antje Torsten
      Heike Uwe Aylin Emre Fatma Kemal Agnieszka Piotr Swantje Hauke Leni Korbinian Vroni Xaver
      """,
    last: """
      Bauer Lindner Vogt Brandt Krüger Schäfer Hartmann Böhm Winkler Lorenz Albrecht Seidel Pohl Haas Kühn Jäger
      Sommer Winter Dietrich Ziegler Kaiser Voß Weiß Grünwald Hülsmann Kleinschmidt Ostermann Rosenthal Steinbach
      Tannhäuser Uhlig Wiesner Zumbach Ahlers Brinkmann Claasen Detering Eickhoff Feddersen Göbel Hinrichs Ihle
      Jessen Kröger Lüders Möllmann Nissen Öztürk Yilmaz Nowak
      """,
    streets: """
      Hauptstraße
      Lindenweg
      Bahnhofstraße
      Gartenstraße
      Schulstraße
      Am Mühlbach
      Bergstraße
      Rosenweg
      Kirchplatz
      Marktgasse
      Wiesengrund
      Birkenallee
      Ringstraße
      Amselweg
      Fliederstraße
      Zum Steinbruch
      """,
    cities: """
      Falkenau 27
      Lindenfurt 35
      Oberwiesbach 83
      Königshain 02
      Birkenwerda 16
      Mühlenbrück 49
      Schönfels 72
      Rabenstein 95
      Neuenhagen am See 19
      Grünthal 54
      Weißenmoor 21
      Eichenried 88
      """,
    houseNumberFirst: false, postcodeShape: "###", postcodeBeforeCity: true,
    phone: PhoneShape(
      e164: "+4915#########", national: "015# ########",
      others: ["015#########", "015#/########", "+49 15# ########", "+49 (0)15# ########", "004915#########"]))

  static let frFR = LocaleData(
    first: """
      Camille Lucas Léa Hugo Manon Louis Chloé Jules Inès Gabriel Zoé Raphaël Élise Arthur Margaux Théo Clémence
      Baptiste Anaïs Maxime Noémie Émile Céline François Hélène René Aurélie Benoît Solène Gaël Maëlle Loïc Amina
      Karim Fatou Mamadou Linh Bao Océane Tristan Apolline Gaspard Eulalie Côme
      """,
    last: """
      Moreau Lefèvre Garnier Chevalier Fontaine Rousseau Mercier Delacroix Beaumont Girard Marchand Perrin Lemoine
      Gauthier Rivière Leclerc Barbier Vasseur Carpentier Desjardins Boulanger Charpentier Duchêne Ferrand Guérin
      Hébert Jacquet Lacombe Maréchal Noël Olivier Poirier Quéré Renaudin Séverin Tessier Valois Le-Goff Kermarec
      Diallo Traoré Benali Haddad Pham
      """,
    streets: """
      rue de la République
      rue des Lilas
      avenue du Moulin
      place de l'Église
      chemin des Vignes
      rue Pasteur
      boulevard du Nord
      impasse des Tilleuls
      rue de la Gare
      allée des Érables
      rue du Puits
      quai des Brumes
      avenue de la Plage
      rue aux Herbes
      """,
    cities: """
      Saint-Aubrac 34
      Montclairvaux 71
      Villeneuve-la-Forêt 45
      Port-Mézières 56
      Rochebrune 26
      Beaulieu-sur-Orge 91
      Châteaufort 60
      Belle-Fontaine 39
      Orvigny 14
      La Ferrandière 69
      Trévallon 13
      """,
    houseNumberFirst: true, postcodeShape: "###", postcodeBeforeCity: true,
    phone: PhoneShape(
      e164: "+33~########", national: "0~ ## ## ## ##",
      others: ["0~########", "0~.##.##.##.##", "+33 ~ ## ## ## ##", "+33 (0)~ ## ## ## ##", "0033~########"]))

  static let esES = LocaleData(
    first: """
      Lucía Hugo Sofía Mateo Martina Leo Valeria Pablo Julia Álvaro Carmen Adrián Noa Diego Alba Javier Inés Sergio
      Rocío Íñigo Nerea Andrés Begoña José Ángela Óscar Pilar Ramón Montserrat Jordi Núria Xabier Ane Brais Uxía
      Yolanda Ximena Nicolás Aitana Gonzalo
      """,
    last: """
      García Navarro Serrano Molina Castro Ortega Delgado Marín Iglesias Medina Cortés Castillo Garrido Lozano Cano
      Prieto Méndez Calvo Gallego Vidal León Herrera Peña Cabrera Campos Nieto Aguilar Núñez Ibáñez Etxeberria
      Agirre Puig Ferrer Soler Casals Pardo Quintana Ríos Salas Tejada Urrutia Valverde Yáñez Zamora
      """,
    streets: """
      Calle Mayor
      Calle del Olivo
      Avenida de la Paz
      Plaza de la Fuente
      Calle Real
      Paseo del Río
      Calle San Roque
      Camino Viejo
      Ronda Norte
      Calle de los Naranjos
      Travesía del Molino
      Calle Nueva
      """,
    cities: """
      Villaflores 45
      Puerto Almendro 04
      San Esteban del Soto 28
      Torrequebrada 29
      Montelindo 50
      Aldea Nueva 10
      Riofrío del Campo 47
      Castromar 36
      Valdelaguna 19
      Montblanc de Dalt 43
      """,
    houseNumberFirst: false, postcodeShape: "###", postcodeBeforeCity: true,
    phone: PhoneShape(
      e164: "+34~########", national: "~## ### ###",
      others: ["~########", "~## ## ## ##", "+34 ~## ### ###", "~##-###-###", "0034~########"]))
}
